import { Codex } from '../sdk/index.ts';
import { fakeEngine, type ScriptStep } from '../testing/index.ts';
import type { Command } from './command.ts';

const item = { type: 'commandExecution', id: 'command-1', command: 'npm test', cwd: '/demo', commandActions: [] };
const words = ['The tests pass', ': 3 of 3', '. Nothing to fix.'];

/** What the engine of the demo does: it thinks, asks, runs, answers. */
const script: ScriptStep[] = [
  { auto: ['thread/start'] },
  { expect: 'turn/start' },
  { answer: 'turn/start' },
  { send: 'turn/started' },
  { send: 'item/started', params: { item: { ...item, status: 'inProgress' } } },
  {
    request: 'item/commandExecution/requestApproval',
    as: 'asked',
    params: { itemId: item.id, command: item.command, cwd: item.cwd, reason: 'to see whether the tests pass' },
  },
  { 'expect-reply': 'asked', result: { decision: 'accept' } },
  { send: 'item/commandExecution/outputDelta', params: { itemId: item.id, delta: '3 tests passed\n' } },
  {
    send: 'item/completed',
    params: { item: { ...item, status: 'completed', exitCode: 0, aggregatedOutput: '3 tests passed\n' } },
  },
  { send: 'item/started', params: { item: { type: 'agentMessage', id: 'message-1', text: '' } } },
  ...words.map((delta): ScriptStep => ({ send: 'item/agentMessage/delta', params: { itemId: 'message-1', delta } })),
  { send: 'item/completed', params: { item: { type: 'agentMessage', id: 'message-1', text: words.join('') } } },
  { send: 'turn/completed' },
];

export const demo: Command = {
  description: `Runs one turn with the SDK on a scripted engine that comes with the package: an approval, a command, an answer that streams.
It needs no account, no key, no engine and no network. Nothing is really executed.`,
  args: {},
  run: async ({ output, report }) => {
    const { paint } = output;
    const approvals: { command: string | null; decision: string }[] = [];
    const engine = await fakeEngine(script);
    const codex = new Codex({
      codexBin: engine.codexBin,
      env: { ...engine.env },
      engineCheck: 'off',
      approvals: (request) => {
        if (request.kind !== 'command') return undefined;
        output.out(
          `${paint.yellow('approval')} may it run ${paint.bold(request.command ?? '')}? (${request.reason ?? ''}) → accept`,
        );
        approvals.push({ command: request.command, decision: 'accept' });
        return 'accept';
      },
    });
    try {
      const thread = await codex.threadStart();
      const prompt = 'Do the tests pass?';
      output.out(`${paint.cyan('you')}      ${prompt}`);
      const turn = await thread.turn(prompt);
      let text = '';
      let commandOutput = '';
      for await (const event of turn.stream()) {
        if (event.method === 'item/commandExecution/outputDelta') {
          commandOutput += event.payload.delta;
          output.out(`${paint.dim('output')}   ${event.payload.delta.trimEnd()}`);
        } else if (event.method === 'item/agentMessage/delta') {
          text += event.payload.delta;
          if (output.live) output.status(`codex    ${text}`);
        }
      }
      output.status();
      output.out(`${paint.green('codex')}    ${text}`);
      const { status } = await turn.result();
      report({ prompt, approvals, commandOutput, finalResponse: text, status });
      return status === 'completed' ? 0 : 1;
    } finally {
      await codex.close();
      await engine.close();
    }
  },
};
