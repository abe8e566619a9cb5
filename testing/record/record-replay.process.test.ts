import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Codex as ExecCodex } from '../../sdk/exec.ts';
import { Codex as AppServerCodex, type Codex } from '../../sdk/index.ts';
import { fakeEngine } from '../play/fake-engine.ts';
import type { PlayError } from '../play/play-report.ts';
import { replay } from '../play/replay.ts';
import type { ScriptStep } from '../play/script-types.ts';
import { record } from './record.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'record-replay-')));
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

test('a recording of two starts is played by two, and not by one; strictly or not', async () => {
  const twice = async (codex: Codex, bin: string) => {
    await codex.connect();
    await codex.close();
    await using again = new AppServerCodex({ codexBin: bin });
    await again.connect();
  };
  const { file } = await recorded(
    'twice.jsonl',
    [{ auto: ['model/list'] }, { start: 2 }, { auto: ['model/list'] }],
    twice,
  );
  for (const strict of [false, true]) {
    const once = await replay(file, { strict });
    await once.codex().connect();
    const failure = (await once.finish().catch((error: unknown) => error)) as PlayError;
    expect(failure.problems).toEqual(['the client started the engine 1 times; the recording does so 2 times']);
    const whole = await replay(file, { strict });
    await twice(whole.codex(), whole.codexBin);
    expect(await whole.finish()).toMatchObject({ starts: 2 });
  }
});

test('a replay is the same each time, has the version of the recording, and works where it is told to', async () => {
  const { file } = await recorded('same.jsonl', say('hello'), async (codex) => (await codex.threadStart()).run('hi'));
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"engineVersion":"[^"]+"/, '"engineVersion":"0.100.0"'));
  const play = async (workspace?: string) => {
    await using engine = await replay(relative(process.cwd(), file), { ...(workspace !== undefined && { workspace }) });
    // The engine starts elsewhere than this process.
    const thread = await engine.codex({ cwd: folder }).threadStart();
    await thread.run('hi');
    const { stdout } = await promisify(execFile)(engine.codexBin, ['--version']);
    const { said } = await engine.finish();
    // A client's own ids of requests are others each time.
    const messages = said.map((message) => JSON.stringify({ ...(message as object), id: 0 }));
    return { id: thread.id, version: stdout.trim(), said: messages.slice(1).join('\n') };
  };
  const [one, again, elsewhere] = [await play(), await play(), await play('/elsewhere')];
  expect(again).toEqual(one);
  expect(one.version).toBe('codex-cli 0.100.0');
  expect(one.said).toContain(`"cwd":"${folder}"`);
  expect(elsewhere.said).toContain('"cwd":"/elsewhere"');
  expect(elsewhere.said).not.toContain(folder);
});

test('what is no recording is refused with its name', async () => {
  await expect(replay(join(folder, 'none.jsonl'))).rejects.toThrow(
    /none\.jsonl: expected a recording, got a file that cannot be read\. Record it with record\(\)/,
  );
  const broken = join(folder, 'broken.jsonl');
  await writeFile(broken, 'text\n');
  await expect(replay(broken)).rejects.toThrow(/broken\.jsonl/);
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
