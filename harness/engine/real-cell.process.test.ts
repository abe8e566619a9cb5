import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { processAlive } from '../../testing/engine/process-alive.ts';
import type { Scenario } from '../scenario/types.ts';
import { baseEnv } from './cell-env.ts';
import { findLeftovers } from './leftovers.ts';
import { openRealCell } from './real-cell.ts';
import { cellRoot } from './test-fixtures/cell-root.ts';
import type { RunningCell } from './types.ts';

const tiny = fileURLToPath(new URL('../../testing/engine/test-fixtures/tiny-engine.mjs', import.meta.url));
const scenario: Scenario = { id: 'x/y', title: 'x', family: 'app-server', covers: [], steps: [] };
const engine = { path: process.execPath, version: '0', sha256: '0' };
let root: string;
let cell: RunningCell | undefined;

beforeEach(async () => {
  root = await cellRoot();
});
afterEach(async () => {
  await cell?.dispose();
  cell = undefined;
  await rm(root, { recursive: true, force: true });
});

const run = (opened: RunningCell, ...args: string[]) =>
  execa(opened.codexBin, [tiny, ...args], { env: { ...baseEnv(), ...opened.env }, extendEnv: false, reject: false });

test('a run’s folders, and nothing of the host’s environment', async () => {
  // Node hands its own measuring on to each program.
  vi.stubEnv('NODE_V8_COVERAGE', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  process.env.HTTP_PROXY_OF_THE_HOST = 'leak';
  const workspace = { 'a/b.txt': 'text' };
  cell = await openRealCell({ scenario: { ...scenario, workspace, git: true }, engine, root });
  delete process.env.HTTP_PROXY_OF_THE_HOST;
  const told = JSON.parse((await run(cell, 'tell')).stdout);
  expect(Object.keys(told.env).sort()).toEqual(
    ['CODEX_HOME', 'HOME', 'LANG', 'OPENAI_API_KEY', 'PATH', 'PWD', 'SCRIPTED_KEY', 'TERM', 'TMPDIR', 'TZ', '_'].filter(
      (key) => key in told.env,
    ),
  );
  expect(told.env).toMatchObject({
    HOME: join(root, 'home'),
    TMPDIR: join(root, 'tmp'),
    OPENAI_API_KEY: '',
    TERM: 'dumb',
  });
  expect(await readFile(join(cell.paths.workspace, 'a/b.txt'), 'utf8')).toBe('text');
  const { stdout } = await execa('git', ['log', '--format=%an %ad', '--date=unix'], { cwd: cell.paths.workspace });
  expect(stdout).toBe('Scenario 1767225600');
  expect(await readFile(join(cell.paths.codexHome, 'config.toml'), 'utf8')).toContain(`"${cell.control.url}/v1"`);
});

test('finish merges wire and control by their stamps, once', async () => {
  cell = await openRealCell({ scenario, engine, root });
  const client = run(cell, 'trap');
  await new Promise((resolve) => client.stdout?.once('data', resolve));
  await fetch(`${cell.control.url}/latch/a/release`, { method: 'POST' });
  await fetch(`${cell.control.url}/kill`, { method: 'POST' });
  expect((await client).signal).toBe('SIGKILL');
  const { lines } = await cell.finish();
  expect(lines.map((line) => (line.ch === 'mark' ? line.mark : line.ch))).toEqual([
    'argv',
    'env',
    'wire.in',
    'released a',
    'killed SIGKILL',
    'exit',
  ]);
  expect((await cell.finish()).lines).toBe(lines);
  expect(await readFile(join(root, 'control.jsonl'), 'utf8')).toContain('released a');
});

test('what a run leaves behind is told and ended', async () => {
  cell = await openRealCell({ scenario, engine, root });
  const client = run(cell, 'grandchild', 'left over');
  const pid = await new Promise<number>((resolve) => client.stdout?.once('data', (chunk) => resolve(Number(chunk))));
  await writeFile(join(cell.paths.tmp, 'file'), '');
  const { lines } = await cell.finish();
  expect(lines.at(-1)).toMatchObject({
    ch: 'rest',
    processes: [expect.stringMatching(/ left over$/)],
    files: ['file'],
  });
  expect(processAlive(pid)).toBe(false);
  await client;
});

test('a full disk that only the client tells of is a fault of the machine', async () => {
  cell = await openRealCell({ scenario, engine, root });
  const message = 'Codex process closed stdout. stderr_tail=Error: ENOSPC: no space left on device, write';
  const told = {
    t: 1,
    ch: 'error',
    lane: 'r',
    op: 't.run',
    error: { class: 'TransportClosedError', message },
  } as const;
  const { lines, machine } = await cell.finish([told]);
  expect(machine).toEqual(['the disk was full: a line of error says ENOSPC']);
  expect(lines).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a program of the engine that still works is waited for by its end',
  async () => {
    cell = await openRealCell({ scenario, engine, root });
    // Longer than an idle one may outlive its engine.
    const work = 'console.log(1); for (const until = Date.now() + 1500; Date.now() < until; );';
    const program = execa(process.execPath, ['-e', work], { env: cell.env });
    await new Promise((resolve) => program.stdout.once('data', resolve));
    expect((await cell.finish()).lines).toEqual([]);
    expect((await program).exitCode).toBe(0);
  },
);

test('dispose in the middle of a run ends the engine and the server', async () => {
  cell = await openRealCell({ scenario, engine, root });
  const client = run(cell, 'trap');
  await new Promise((resolve) => client.stdout?.once('data', resolve));
  await cell.dispose();
  expect((await client).signal).toBe('SIGKILL');
  expect((await findLeftovers(root, cell.paths.tmp)).processes).toEqual([]);
  await expect(fetch(cell.control.url)).rejects.toThrow('fetch failed');
});

test('a cell in the temp folder, or one whose files leave the workspace, is refused', async () => {
  const inTemp = join(tmpdir(), 'cell-in-temp');
  try {
    await expect(openRealCell({ scenario, engine, root: inTemp })).rejects.toThrow(
      'expected a place outside of the temp folder',
    );
  } finally {
    await rm(inTemp, { recursive: true, force: true });
  }
  const outside = { ...scenario, workspace: { '../x': '' } };
  await expect(openRealCell({ scenario: outside, engine, root })).rejects.toThrow(
    'expected a relative path inside the workspace',
  );
});
