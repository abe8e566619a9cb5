import { createHash } from 'node:crypto';
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeLauncher } from './launcher.ts';
import { processesGone } from './process-alive.ts';
import { lineOf, readWireLog, textOf, type WireRecord } from './wire-log.ts';

const tiny = fileURLToPath(new URL('test-fixtures/tiny-engine.mjs', import.meta.url));
let root: string;
let folder: string;
let launcher: string;
let log: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "tee's $HOME test-")));
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'run-'));
  log = join(folder, 'wire.jsonl');
  launcher = await writeLauncher({ engine: process.execPath, log, folder });
});

const start = (command: string, args: string[]) =>
  execa(command, [tiny, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', MINE: 'a b' },
    extendEnv: false,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
type Run = ReturnType<typeof start>;

/** Does the same with the bare program and through the tee, and returns both ends. */
async function both<T>(args: string[], act: (run: Run) => Promise<T> | T) {
  const one = async (command: string) => {
    const run = start(command, args);
    const told = await act(run);
    const { exitCode, signal, stdout, stderr } = await run;
    return { told, exitCode, signal, stdout: text(stdout), stderr: text(stderr) };
  };
  return [await one(process.execPath), await one(launcher)] as const;
}
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1');
const records = (ch: WireRecord['ch']) => readWireLog(log).filter((record) => record.ch === ch);

test('arguments, folder and environment reach the engine as they are', async () => {
  const args = ['tell', '', 'a b', `it's "$HOME" \`x\``, 'two\nlines', '--', '*'];
  const [bare, teed] = await both(args, (run) => void run.stdin?.end());
  expect(JSON.parse(teed.stdout)).toMatchObject({ argv: args.slice(1), cwd: folder, env: { MINE: 'a b' } });
  const shell = { PWD: '', OLDPWD: '', SHLVL: '' };
  const told = (stdout: string) => ({ ...JSON.parse(stdout), env: { ...JSON.parse(stdout).env, ...shell } });
  expect(told(teed.stdout)).toEqual(told(bare.stdout));
  expect(records('spawn')).toMatchObject([{ argv: [process.execPath, tiny, ...args], env: { PATH: '/usr/bin:/bin' } }]);
  expect(JSON.stringify(records('spawn'))).not.toContain('MINE');
});

test.each([
  ['exit', '0'],
  ['exit', '3'],
  ['die', 'SIGKILL'],
  ['die', 'SIGTERM'],
  ['die', 'SIGABRT'],
])('the end is the engine’s own: %s %s', async (...args) => {
  const [bare, teed] = await both(args, () => {});
  expect(teed).toEqual(bare);
  expect(records('exit')).toMatchObject([{ code: bare.exitCode ?? null, signal: bare.signal ?? null }]);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s is forwarded, and the engine’s answer to it passed on',
  async (name) => {
    const [bare, teed] = await both(['trap'], (run) => {
      run.stdout?.once('data', () => run.kill(name));
    });
    expect(bare).toMatchObject({ exitCode: 7, stdout: `ready\n${name}\n` });
    expect(teed).toEqual(bare);
  },
);

test('bytes pass unmodified: invalid UTF-8, blank lines, a last line without its newline', async () => {
  const [bare, teed] = await both(['bytes'], () => {});
  expect(teed).toEqual(bare);
  const lines = readWireLog(log).flatMap((line) => (line.ch === 'in' ? lineOf(textOf(line), line.partial) : []));
  expect(lines).toEqual([{ msg: { a: 1 } }, { raw: '' }, { raw: 'base64://4=' }, { raw: '{"b":2}' }]);
  expect(records('stderr')).toMatchObject([{ text: 'warn\r' }, { text: 'half', partial: true }]);
});

test('input is passed on with its end, which ends the engine', async () => {
  const [bare, teed] = await both(['cat'], (run) => void run.stdin?.end('{"id":1}\nrest'));
  expect(teed).toEqual(bare);
  expect(records('out')).toMatchObject([{ text: '{"id":1}' }, { text: 'rest', partial: true }]);
  expect(readWireLog(log).at(-1)).toMatchObject({ ch: 'exit', code: 0 });
});

test('an engine that closes its stdin makes the client’s writes fail', async () => {
  const [bare, teed] = await both(['close-stdin'], async (run) => {
    await new Promise((resolve) => run.stdout?.once('data', resolve));
    const failure = await new Promise<NodeJS.ErrnoException>((resolve) => {
      run.stdin?.on('error', resolve);
      const write = () => run.stdin?.write('x\n', (error) => error || setImmediate(write));
      write();
    });
    run.kill('SIGTERM');
    // Node gives its children sockets: one that is closed with unread bytes in it says ECONNRESET, a pipe always EPIPE.
    return failure.code === 'ECONNRESET' ? 'EPIPE' : failure.code;
  });
  expect(bare.told).toBe('EPIPE');
  expect(teed).toEqual(bare);
});

test('an engine that closes its stdout ends the client’s reading, though it lives on', async () => {
  const [bare, teed] = await both(['close-stdout'], async (run) => {
    const alive = await new Promise((resolve) => run.stdout?.once('end', () => resolve(run.exitCode)));
    run.kill('SIGTERM');
    return alive;
  });
  expect(bare).toMatchObject({ told: null, exitCode: 0, stdout: 'last' });
  expect(teed).toEqual(bare);
});

test('a client that reads no further makes the engine’s writes fail', async () => {
  const [bare, teed] = await both(['flood'], (run) => {
    run.stdout?.once('data', () => run.stdout?.destroy());
  });
  expect([bare.exitCode, teed.exitCode]).toEqual([9, 9]);
});

test('a line of 50 MB passes and is logged whole', async () => {
  const size = 50_000_000;
  const run = start(launcher, ['big', String(size)]);
  const hash = createHash('sha256');
  run.stdout?.on('data', (chunk) => hash.update(chunk));
  expect((await run).exitCode).toBe(0);
  const line = 'é'.repeat(size / 2);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(`${line}\n`).digest('hex'));
  const [logged] = records('in') as { text: string }[];
  expect(logged?.text === line).toBe(true);
});

test('a tee that is killed takes the engine along', async () => {
  const run = start(launcher, ['cat']);
  run.stdin?.write('x\n');
  await new Promise((resolve) => run.stdout?.once('data', resolve));
  const [spawned] = records('spawn');
  run.kill('SIGKILL');
  expect((await run).signal).toBe('SIGKILL');
  expect(await processesGone([spawned?.pid ?? 0], 10_000)).toBe(true);
  expect(records('exit')).toEqual([]);
});

test.each([
  ['a run of exec', ['exec']],
  ['an engine that listens', ['app-server', '--listen', 'unix://s']],
])('%s, which does not end with its input, goes with a tee that is killed too', async (_what, words) => {
  const run = start(launcher, ['trap', ...words]);
  run.stdin?.end();
  await new Promise((resolve) => run.stdout?.once('data', resolve));
  const [spawned] = records('spawn');
  run.kill('SIGKILL');
  await run;
  expect(await processesGone([spawned?.pid ?? 0], 10_000)).toBe(true);
});

test('where exec connects to is no place to listen at', async () => {
  const args = ['tell', 'exec', '--remote', `unix://${join(folder, 's')}`];
  const [bare, teed] = await both(args, (run) => void run.stdin?.end());
  expect(JSON.parse(teed.stdout).argv).toEqual(JSON.parse(bare.stdout).argv);
  expect(await readdir(folder)).not.toContain('s');
});

test('the socket that a killed engine has left is not taken for that of the next one', async () => {
  const left = `${join(folder, 's')}.engine`;
  await writeFile(left, '');
  const run = start(launcher, ['trap', 'app-server', '--listen', `unix://${join(folder, 's')}`]);
  await new Promise((resolve) => run.stdout?.once('data', resolve));
  expect(await readdir(folder)).toEqual(['codex', 'tee.json', 'wire.jsonl']);
  run.kill('SIGTERM');
  await run;
});

test('an engine that serves only another one is not observed', async () => {
  const run = await execa(launcher, [tiny, 'exit', '3'], { env: { TWINPROOF_UNOBSERVED: '1' }, reject: false });
  expect(run.exitCode).toBe(3);
  expect(readWireLog(log)).toEqual([]);
});

test('the file of --output-schema is written down with the start', async () => {
  const schema = join(folder, 'schema.json');
  await writeFile(schema, '{"type":"object"}');
  await start(launcher, ['exit', '0', '--output-schema', schema]);
  expect(records('spawn')).toMatchObject([{ schema: '{"type":"object"}' }]);
});

test('a grandchild that keeps the output open does not keep the tee', async () => {
  const run = start(launcher, ['grandchild', folder]);
  const pid = await new Promise<number>((resolve) => run.stdout?.once('data', (chunk) => resolve(Number(chunk))));
  try {
    await new Promise((resolve) => run.once('exit', resolve));
    expect(records('exit')).toMatchObject([{ code: 0, signal: null }]);
  } finally {
    process.kill(pid, 'SIGKILL');
  }
  await run;
});

test('an engine that cannot be started is said, not hung on', async () => {
  launcher = await writeLauncher({ engine: join(folder, 'missing'), log, folder });
  const { exitCode, stderr } = await start(launcher, []);
  expect(exitCode).toBe(127);
  expect(text(stderr)).toContain(`Starting the engine ${join(folder, 'missing')}`);
  expect(readWireLog(log)).toMatchObject([{ ch: 'spawn' }, { ch: 'exit', code: 127, error: expect.any(String) }]);
});
