// A user's program, compiled against the published types with every strict setting.
import {
  Codex,
  type CodexConfig,
  type Notification,
  Sandbox,
  type StandardSchema,
  type ToolArguments,
  TurnFailedError,
  tool,
  toolServer,
  version,
} from 'twinproof';
import { readEngineLock } from 'twinproof/native';
import {
  fakeEngine,
  memoryEngine,
  type PlayReport,
  record,
  replay,
  type ScriptStep,
  scriptedModel,
} from 'twinproof/testing';
import type { ThreadItem } from 'twinproof/types';

const steps: ScriptStep[] = [
  { expect: 'turn/start', params: { input: [] } },
  { answer: 'turn/start', wrong: true },
];
// @ts-expect-error a misspelt key is not a step
export const misspelt: ScriptStep = { expect: 'turn/start', parms: {} };

type Ticket = StandardSchema<{ id: string }, { id: number }>;
const ticket = (inputSchema: Ticket) =>
  tool({
    name: 'ticket',
    description: 'Reads a ticket.',
    inputSchema,
    execute: ({ id }: ToolArguments<Ticket>, { signal }) => (signal.aborted ? null : { id: id.toFixed() }),
  });
const plain = tool({
  name: 'plain',
  description: 'Takes what it gets.',
  inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
  execute: ({ id }) => String(id),
});
// @ts-expect-error a schema is not a text
export const wrong = () => tool({ name: 'x', description: 'x', inputSchema: 'text', execute: () => 'x' });

export async function tools(codex: Codex, schema: Ticket): Promise<readonly string[]> {
  await using server = await toolServer([plain]);
  const thread = await codex.threadStart({ tools: [ticket(schema), plain] });
  return thread.tools?.missing ?? [server.url];
}

export async function everything(config: CodexConfig): Promise<PlayReport> {
  await using codex = new Codex(config);
  const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
  const items: ThreadItem[] = (await thread.run('hi')).items;
  await using engine = memoryEngine({
    'turn/start': ({ threadId, input }, { emit }) => {
      emit('warning', { message: `${threadId} ${input.length} ${items.length}` });
      return { turn: { id: 't' } };
    },
    // @ts-expect-error a result of the wrong type
    'thread/archive': () => 7,
  });
  const answer = await engine.ask('item/commandExecution/requestApproval', { command: 'ls' });
  const decision: unknown = answer.decision;
  const model = await scriptedModel([{ message: `${version} ${decision}` }]);
  const recorder = await record({ file: readEngineLock().pin, secrets: ['x'] });
  const { redacted } = await recorder.finish();
  const first: number | undefined = redacted.secret;
  await model.release(`${first}`);
  await (await replay('x', { strict: true })).close();
  const fake = await fakeEngine(steps);
  fake.release('x');
  return fake.finish();
}

export const isFailure = (error: unknown): error is TurnFailedError => error instanceof TurnFailedError;
export const methodOf = ({ method }: Notification): string => method;
