import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { Codex, type CodexOptions } from '../../sdk/exec.ts';
import { fakeEngine, type ListenOptions, listen, type ModelAnswer, scriptedModel } from '../index.ts';

const { path: engine } = await resolveEngine();
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(answers: ModelAnswer[], options: ListenOptions = {}) {
  const model = await scriptedModel(answers, { codexBin: engine });
  cleanUp.push(model.close);
  const server = await listen(model.config, options);
  cleanUp.push(server.close);
  const env = { ...model.config.env, PATH: process.env['PATH'] } as Record<string, string>;
  const exec = (more: CodexOptions) =>
    new Codex({ codexPathOverride: engine, env, ...more }).startThread({ skipGitRepoCheck: true });
  return { model, server, exec };
}

test('turns of exec run on an engine that listens, and the thread is open there', async () => {
  const { server, exec } = await start([{ message: 'one' }, { message: 'two' }, { message: 'three' }]);
  const thread = exec({ remote: `unix://${server.address}` });
  expect((await thread.run('hi')).finalResponse).toBe('one');
  expect((await thread.run('on')).finalResponse).toBe('two');
  // What concerns the agent is for the engine that listens.
  const refused = new Codex({ codexPathOverride: engine, remote: `unix://${server.address}` });
  await expect(refused.startThread({ model: 'other' }).run('hi')).rejects.toThrow('configure the agent on the server');
  const codex = server.codex();
  expect((await (await codex.threadResume(String(thread.id))).run('hi')).finalResponse).toBe('three');
});

test('the token goes by the environment: read for each run, and told nobody', async () => {
  const token = 'tok-9b6d1c55e2';
  const { server, exec } = await start([{ message: 'one' }], { over: 'ws', token });
  const given = [token, 'other'];
  const thread = exec({ remote: server.address, remoteToken: async () => String(given.shift()) });
  expect((await thread.run('hi')).finalResponse).toBe('one');
  const refused = await thread.run('hi').catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'CodexExecError', message: expect.stringContaining('401 Unauthorized') });
  expect(inspect([refused, thread], { depth: 9, showHidden: true })).not.toContain(token);
});

test('an engine without the option is not started', async () => {
  const { path } = await resolveEngine({ version: '0.163.0' });
  const thread = new Codex({ codexPathOverride: path, remote: 'unix:///x', engineCheck: 'off' }).startThread();
  await expect(thread.run('hi')).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringContaining('0.171.0 or newer'),
  });
});

test('the fake engine takes the same words', async () => {
  const params = { remote: 'unix:///x', remoteAuthTokenEnv: 'TWINPROOF_REMOTE_TOKEN' };
  await using fake = await fakeEngine([
    { expect: 'exec', params },
    { send: 'thread.started' },
    { send: 'turn.started' },
    { send: 'turn.completed' },
  ]);
  const { codexBin, env } = fake;
  const options = { codexPathOverride: codexBin, env: { ...env, PATH: String(process.env['PATH']) } };
  await new Codex({ ...options, remote: 'unix:///x', remoteToken: 't' }).startThread().run('hi');
  await fake.finish();
  expect(() => new Codex({ ...options, remoteToken: 't' })).toThrow(/it beside remote/);
});
