import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Codex as ExecCodex } from '../../sdk/exec.ts';
import type { Codex } from '../../sdk/index.ts';
import { fakeEngine } from '../play/fake-engine.ts';
import { replay } from '../play/replay.ts';
import type { ScriptStep } from '../play/script-types.ts';
import { record } from './record.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Records a program on a fake engine. */
async function recorded(name: string, script: ScriptStep[], program: (codex: Codex, bin: string) => Promise<unknown>) {
  await using inner = await fakeEngine(script);
  await using recorder = await record({ file: join(folder, name), codexBin: inner.codexBin });
  const live = await program(recorder.codex(), recorder.codexBin);
  return { live, ...(await recorder.finish()) };
}

const say = (text: string): ScriptStep[] => [
  { auto: ['thread/start'] },
  { expect: 'turn/start' },
  { answer: 'turn/start' },
  { send: 'item/completed', params: { item: { type: 'agentMessage', text } } },
  { send: 'turn/completed' },
];

test('a second process of the engine that is asked for its schema or version is no start of the recording', async () => {
  const program = async (codex: Codex, bin: string) => {
    const thread = await codex.threadStart();
    const known = await codex.supports('thread/start');
    await promisify(execFile)(bin, ['--version']);
    return [known, (await thread.run('hi')).finalResponse];
  };
  const { live, file } = await recorded('supports.jsonl', say('hello'), program);
  expect(live).toEqual([true, 'hello']);
  const engine = await replay(file, { strict: true });
  expect(await program(engine.codex(), engine.codexBin)).toEqual(live);
  expect(await engine.finish()).toMatchObject({ starts: 1, differences: [] });
});

test('runs of exec are recorded, one after the other or at once, with prompt, options and schema', async () => {
  const run = (prompt: string, text: string): ScriptStep[] => [
    { expect: 'exec', params: { prompt, sandbox: 'read-only' } },
    { send: 'thread.started' },
    { send: 'turn.started' },
    { send: 'item.completed', params: { item: { type: 'agent_message', text } } },
    { send: 'turn.completed' },
  ];
  const program = async (codexBin: string, env: Readonly<Record<string, string>>) => {
    const codex = new ExecCodex({ codexPathOverride: codexBin, env: { PATH: String(process.env['PATH']), ...env } });
    const thread = codex.startThread({ sandboxMode: 'read-only', skipGitRepoCheck: true });
    const first = await thread.run('Say <home> and\nmore');
    const second = await thread.run('again', { outputSchema: { type: 'object' } });
    return [first.finalResponse, second.finalResponse, thread.id === null];
  };
  await using inner = await fakeEngine([
    ...run('Say <home> and\nmore', 'one <date>'),
    { start: 2 },
    ...run('again', '{}'),
  ]);
  await using recorder = await record({ file: join(folder, 'exec.jsonl'), codexBin: inner.codexBin });
  const live = await program(recorder.codexBin, { ...inner.env, ...recorder.env });
  expect(live).toEqual(['one <date>', '{}', false]);
  const { file } = await recorder.finish();
  const engine = await replay(file, { strict: true });
  expect(await program(engine.codexBin, engine.env)).toEqual(live);
  expect(await engine.finish()).toMatchObject({ starts: 2, differences: [] });
});
