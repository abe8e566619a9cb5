import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Codex, ThreadRunError } from '../../sdk/exec.ts';
import type { ModelAnswer } from './model-answer.ts';
import { scriptedModel } from './scripted-model.ts';

const { path: engine } = await resolveEngine();

async function setUp(...answers: ModelAnswer[]) {
  const model = await scriptedModel(answers, { codexBin: engine });
  const env = { ...model.config.env, PATH: process.env['PATH'] } as Record<string, string>;
  return { model, codex: new Codex({ codexPathOverride: engine, env }), workingDirectory: model.workspace };
}

test('a thread goes on by itself, and by its id (284)', async () => {
  const { model, codex, workingDirectory } = await setUp({ message: 'one' }, { message: 'two' }, { message: 'three' });
  const thread = codex.startThread({ workingDirectory, skipGitRepoCheck: true });
  await thread.run('first');
  expect((await thread.run('second')).finalResponse).toBe('two');
  const resumed = codex.resumeThread(thread.id ?? '', { workingDirectory, skipGitRepoCheck: true });
  expect((await resumed.run('third')).finalResponse).toBe('three');
  expect(resumed.id).toBe(thread.id);
  const last = JSON.stringify(model.requests[2]?.body['input']);
  const order = ['first', 'one', 'second', 'two', 'third'].map((text) => last.indexOf(`"${text}"`));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
  await model.finish();
});

test('what the engine says of a failed turn, and of a folder that it does not trust (264)', async () => {
  const { model, codex, workingDirectory } = await setUp({ fail: { status: 400, message: 'no such model' } });
  const failed = codex.startThread({ workingDirectory, skipGitRepoCheck: true }).run('hi');
  await expect(failed).rejects.toThrow(ThreadRunError);
  await expect(failed).rejects.toThrow('no such model');
  await expect(codex.startThread({ workingDirectory }).run('hi')).rejects.toThrow('Not inside a trusted directory');
  await model.finish();
});

test('an abort ends the command that the agent runs, too', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // It holds the connection for as long as it lives. Of SIGTERM, the engine would die and leave it running.
  const cmd = `"${process.execPath}" -e "require('net').connect(${port}, '127.0.0.1')"`;
  const { model, codex, workingDirectory } = await setUp({ call: { name: 'exec_command', arguments: { cmd } } });
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const controller = new AbortController();
  const thread = codex.startThread({ workingDirectory, skipGitRepoCheck: true, sandboxMode: 'danger-full-access' });
  const run = thread.run('hi', { signal: controller.signal });
  const caught = expect(run).rejects.toMatchObject({ name: 'AbortError' });
  const [command] = await connected;
  const gone = once(command.on('error', () => {}).resume(), 'close');
  controller.abort();
  await caught;
  await gone;
  server.close();
  await model.finish();
});
