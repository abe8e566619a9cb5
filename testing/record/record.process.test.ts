import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Codex } from '../../sdk/index.ts';
import { writeNodeLauncher } from '../engine/launcher.ts';
import { PlayError } from '../play/play-report.ts';
import { replay } from '../play/replay.ts';
import { type Recording, record } from './record.ts';

const engine = fileURLToPath(new URL('test-fixtures/talkative-engine.mjs', import.meta.url));
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r';
const planted = {
  environment: 'Xq7-plain-looking-service-key',
  parameter: 'another-plain-looking-key',
  refresh: 'rt_0123456789-refresh',
  account: '3f8e1c1e-0000-4000-8000-00000000a001',
  bearer: 'abcdef.ghijkl.mnopqr',
  jwt,
  openai: 'sk-proj-0123456789abcdefghij',
  email: 'alice@example.invalid',
  own: 'project Bluebird',
};

let folder: string;
let home: string;
let work: string;
let file: string;
let recording: Recording;
let text: string;

/** A program of a few calls; the same for recording and replay. */
async function talk(codex: Codex, prompt = 'hi') {
  await codex.loginApiKey(planted.parameter);
  await codex.account();
  const thread = await codex.threadStart({
    config: { note: `Bearer ${planted.bearer}`, more: `${jwt} ${planted.openai}` },
  });
  const result = await thread.run(`${prompt}, ${planted.own}, in ${work}/src and ${home}/x`);
  await codex.close();
  return result;
}
const accept = () => ({ decision: 'accept' }) as const;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'record-')));
  home = join(folder, 'home', 'al.ice');
  work = join(folder, 'work space');
  for (const one of [join(home, '.codex'), work]) await mkdir(one, { recursive: true });
  const { refresh: refresh_token, account: account_id } = planted;
  await writeFile(
    join(home, '.codex', 'auth.json'),
    JSON.stringify({ auth_mode: 'chatgpt', tokens: { refresh_token, account_id } }),
  );
  const bin = join(folder, 'bin');
  await mkdir(bin);
  file = join(folder, 'recordings', 'approved.jsonl');
  const recorder = await record({ file, codexBin: await writeNodeLauncher(bin, [engine]), secrets: [planted.own] });
  const env = {
    HOME: home,
    CODEX_HOME: join(home, '.codex'),
    SERVICE_API_KEY: planted.environment,
    WHO: userInfo().username,
  };
  const codex = recorder.codex({
    cwd: work,
    env,
    onServerRequest: accept,
    configOverrides: ['x.bearer_token="s3cr3t-value"'],
  });
  const { finalResponse } = await talk(codex);
  // The engine has really told it all: what is not in the file was taken out.
  for (const secret of [planted.environment, planted.refresh, planted.account]) expect(finalResponse).toContain(secret);
  recording = await recorder.finish();
  text = await readFile(file, 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.entries(planted))('a planted secret is nowhere in the recording: %s', (_name, secret) => {
  expect(text).not.toContain(secret);
});

test('nor are folders, the user, the machine, the command line’s secrets and stderr', () => {
  expect(text).not.toContain(home);
  expect(text).not.toContain(work);
  expect(text).not.toContain('s3cr3t-value');
  expect(text).not.toContain('stderr');
  expect(text).not.toContain(`/srv/${userInfo().username}/`);
  if (hostname().length >= 4) expect(text).not.toContain(hostname());
  expect(text).toContain('in <workspace>/src and <home>/x');
  expect(recording).toMatchObject({ file, lines: text.trimEnd().split('\n').length - 1 });
  expect(Object.keys(recording.redacted).sort()).toEqual(expect.arrayContaining(['credential', 'path', 'secret']));
});

test('the recording plays to the same program, with ids and server requests of its own', async () => {
  const played = await replay(file, { workspace: work });
  const result = await talk(played.codex({ onServerRequest: accept }));
  expect(result.status).toBe('completed');
  expect(result.finalResponse).toContain('You said hi,');
  const report = await played.finish();
  expect(report.starts).toBe(1);
  expect(report.differences).toEqual([]);
  expect(report.sent).toContainEqual({ id: 0, result: { decision: 'accept' } });
});

test('another prompt is a difference, and an error where that is wanted', async () => {
  const lenient = await replay(file, { workspace: work });
  await talk(lenient.codex({ onServerRequest: accept }), 'bye');
  expect((await lenient.finish()).differences).toMatchObject([{ message: 'turn/start', path: '/params/input/0/text' }]);
  const strict = await replay(file, { workspace: work, strict: true });
  await talk(strict.codex({ onServerRequest: accept }), 'bye');
  await expect(strict.finish()).rejects.toThrow(/turn\/start: expected .* at \/params\/input\/0\/text .*, got "bye, /);
});

test('a request too many and one too few fail, with the nearest match', async () => {
  const played = await replay(file, { workspace: work });
  const codex = played.codex({ onServerRequest: accept });
  await codex.loginApiKey(planted.parameter);
  await expect(codex.models()).rejects.toThrow('replay miss');
  await codex.close();
  const failure = await played.finish().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PlayError);
  expect(String(failure)).toMatch(
    /client sent model\/list, which no remaining line .* nearest is [\s\S]*still awaits account\/read/,
  );
});

test('nothing is left behind, and a recorder that was never used says so', async () => {
  const unused = join(folder, 'unused.jsonl');
  const recorder = await record({ file: unused, codexBin: engine });
  await expect(recorder.finish()).rejects.toThrow('expected an engine that was started');
  const played = await replay(file);
  await expect(played.finish()).rejects.toThrow('the client has never started the engine');
  await expect(readdir(join(played.codexBin, '..'))).rejects.toThrow('ENOENT');
  await expect(readdir(join(recorder.codexBin, '..'))).rejects.toThrow('ENOENT');
  await expect(readFile(unused)).rejects.toThrow('ENOENT');
});
