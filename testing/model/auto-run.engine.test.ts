import { expect, onTestFinished, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { ApprovalMode, Codex, Sandbox } from '../../sdk/index.ts';
import { type ModelAnswer, scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();

async function thread(answers: ModelAnswer[]) {
  const model = await scriptedModel(answers, { codexBin });
  onTestFinished(() => model.close());
  const codex = new Codex(model.config);
  onTestFinished(() => codex.close());
  return {
    model,
    thread: await codex.threadStart({ sandbox: Sandbox.fullAccess, approvalMode: ApprovalMode.denyAll }),
  };
}
const command = (cmd: string, usage: number): ModelAnswer => ({
  call: { name: 'exec_command', arguments: { cmd } },
  usage: { input: usage, output: 0, total: usage },
});

test('a turn that uses too many tokens is interrupted in its middle', async () => {
  const { thread: one } = await thread([command('echo one', 20), command('echo two', 30), { hang: true }]);
  const run = await one.autoRun({ input: 'go', until: () => expect.unreachable(), maxTokens: 50 });
  expect(run).toMatchObject({ stoppedBy: 'maxTokens', turnCount: 1, usage: { totalTokens: 50 } });
  expect(run.turns[0]?.status).toBe('interrupted');
});

test('the time is over in mid-turn: the turn is interrupted, and the next one may start', async () => {
  const { model, thread: one } = await thread([command('sleep 60', 5), { message: 'after' }]);
  const run = one.autoRun({ input: 'go', until: () => expect.unreachable(), maxMs: 2000, hardAbort: true });
  const result = await run;
  expect(result).toMatchObject({ stoppedBy: 'maxMs', next: { input: [{ type: 'text', text: 'Continue.' }] } });
  expect(result.turns.map(({ status }) => status)).toEqual(['interrupted']);
  const rest = await one.autoRun({ resume: result, until: ({ finalResponse }) => finalResponse === 'after' });
  expect(rest).toMatchObject({ stoppedBy: 'until', turnCount: 2 });
  expect(model.requests.length).toBe(2);
});
