import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platformKey } from '../../native/platform.mjs';
import { lockOf, Registry } from '../../native/test-fixtures/registry.ts';
import { ScratchHouse } from './test-fixtures/scratch-house.ts';

const stamps = { packages: 'node_modules/.twinproof-stamp.json', python: '.venv/.twinproof-stamp.json' };
const installers = { packages: 'npm ci', python: 'pip' };
const needs = ['packages', 'python'] as const;

test('the first run brings everything, the second starts nothing and says nothing', async () => {
  using house = new ScratchHouse();
  const first = await house.run('packages,python');
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining('npm ci') });
  expect(house.starts()).toEqual(['npm ci', 'probe', 'venv', 'pip']);
  expect(await house.run('packages,python')).toEqual({ code: 0, output: '' });
  expect(house.starts()).toHaveLength(4);
});

test('a changed lock file installs anew, and only what it locks', async () => {
  using house = new ScratchHouse();
  await house.run('packages,python');
  writeFileSync(join(house.root, 'package-lock.json'), '{ "changed": true }\n');
  expect(await house.run('packages,python')).toMatchObject({ code: 0 });
  expect(house.starts().slice(4)).toEqual(['npm ci']);
});

test.each(needs)(
  'an interrupted installation of %s ends its program, leaves no stamp, and the next try recovers',
  async (need) => {
    using house = new ScratchHouse();
    const { connection } = await house.listen();
    const { child, ended } = house.start(need, { FAKE_MODE: 'hang' });
    const socket = await connection;
    const programGone = once(socket, 'close');
    socket.on('error', () => {}).resume();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, output: expect.stringContaining(', got SIGTERM.') });
    await programGone;
    expect(house.has(stamps[need])).toBe(false);
    expect(readdirSync(join(house.root, '.cache'))).toEqual(['setup']);
    expect(await house.run(need)).toMatchObject({ code: 0 });
    expect(house.has(stamps[need])).toBe(true);
  },
);

test.each([
  ['packages', 'npm error code ENOTFOUND https://user:hunter2@registry.invalid/x', 'got no connection to it'],
  ['packages', 'npm error code EINTEGRITY', 'got a package with another hash'],
  ['packages', 'npm error code ENOSPC', 'got a full disk'],
  ['packages', 'npm error something new https://user:hunter2@registry.invalid/x', 'something new https://***@registry'],
  [
    'python',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE',
    'got a package with another hash',
  ],
  [
    'python',
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'got a full disk',
  ],
  [
    'python',
    'Failed to establish a new connection\nERROR: No matching distribution found for x',
    'got no connection to it',
  ],
] as const)('%s: "%s" is told as "%s", and the next try recovers', async (need, text, told) => {
  using house = new ScratchHouse();
  const { code, output } = await house.run(need, { FAKE_MODE: text });
  expect(code).toBe(1);
  expect(output.trim().split('\n').at(-1)).toMatch(/^BootstrapError: Installing .*: expected .*, got .*\.$/);
  expect(output).toContain(told);
  const log = readFileSync(join(house.root, '.cache/setup', need === 'packages' ? 'npm.log' : 'python.log'), 'utf8');
  expect(output + log).not.toContain('hunter2');
  expect(house.has(stamps[need])).toBe(false);
  expect(await house.run(need)).toMatchObject({ code: 0 });
});

test('two set-ups at once: the second waits for the first and then has nothing to do', async () => {
  using house = new ScratchHouse();
  const { connection } = await house.listen();
  const first = house.start('packages', { FAKE_MODE: 'hang' });
  const socket = await connection;
  const second = house.start('packages');
  await once(second.child.stderr, 'data');
  socket.write('go on');
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(await second.ended).toEqual({
    code: 0,
    output: `Waiting for another set-up (process ${first.child.pid}) …\n`,
  });
  expect(house.starts()).toEqual(['npm ci']);
});

test('the lock of a dead process is taken over', async () => {
  using house = new ScratchHouse();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(house.root, '.cache'));
  writeFileSync(
    join(house.root, '.cache/setup.lock'),
    JSON.stringify({ token: 'left-over', pid: dead, host: hostname() }),
  );
  expect(await house.run('packages')).toMatchObject({ code: 0, output: expect.not.stringContaining('Waiting') });
  expect(readdirSync(join(house.root, '.cache'))).toEqual(['setup']);
});

test('no Python, one that is too old, and one that is not there are told apart', async () => {
  using house = new ScratchHouse();
  const form = (got: string) =>
    `BootstrapError: Looking for Python: expected Python 3.10 to 3.15 with the venv module, on PATH or named by TWINPROOF_PYTHON, got ${got}.`;
  const told = async (env: Record<string, string>) => (await house.run('python', env)).output.trim();
  expect(await told({ TWINPROOF_PYTHON: '' })).toBe(form('no python3, python or py on PATH'));
  expect(await told({ FAKE_VERSION: '3.9.2' })).toBe(form(`${house.python}: version 3.9.2`));
  const absent = join(house.folder, 'absent');
  expect(await told({ TWINPROOF_PYTHON: absent })).toBe(form(`${absent}: not started (ENOENT)`));
});

test('an engine with another hash is refused, and an installed one is brought anew by the next try', async () => {
  using house = new ScratchHouse();
  const other = join(house.folder, 'codex');
  writeFileSync(other, 'not the engine');
  const named = await house.run('engine', { TWINPROOF_ENGINE: other });
  expect(named).toMatchObject({
    code: 1,
    output: expect.stringMatching(/expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}/),
  });

  // Where the official pair is the pin, its binary comes with the Python environment.
  house.engineLock = join(house.folder, 'engine.lock.json');
  writeFileSync(house.engineLock, JSON.stringify(lockOf(['1.0.0'])));
  await house.run('python');
  const packageFolder = join(house.root, '.venv/lib/python3.11/site-packages/codex_cli_bin');
  mkdirSync(join(packageFolder, 'bin'), { recursive: true });
  writeFileSync(join(packageFolder, 'codex-package.json'), '{}');
  for (const name of ['codex', 'codex.exe']) writeFileSync(join(packageFolder, 'bin', name), 'damaged');
  expect(await house.run('python,engine')).toMatchObject({
    code: 1,
    output: expect.stringContaining('expected sha256'),
  });
  await house.run('python');
  expect(house.starts().filter((kind) => kind === installers.python)).toHaveLength(2);
});

test('a pin newer than the official pair comes from npm, without Python, and stays as it is', async () => {
  await using registry = await new Registry(['2.0.0']).listen();
  using house = new ScratchHouse();
  house.engineLock = join(house.folder, 'engine.lock.json');
  writeFileSync(house.engineLock, JSON.stringify({ ...lockOf(['2.0.0', '1.0.0']), officialPair: '1.0.0' }));
  const env = { ...process.env, npm_config_registry: registry.url, npm_config_fetch_retries: '0' };
  const own = Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(npm_execpath|TWINPROOF_ENGINE)$/.test(name)),
  );
  const first = await house.run('engine', { ...own, npm_execpath: '' } as Record<string, string>);
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining('Downloading codex 2.0.0') });
  const engine = join(house.root, '.cache/engines/2.0.0', `${platformKey()}`);
  expect(readdirSync(engine).sort()).toEqual(['bin', 'codex-package.json']);
  expect(registry.downloads).toEqual([`2.0.0-${platformKey()}`]);
  expect(house.starts()).toEqual([]);
});

test('a registry that does not answer: the sentence names the package and the way without it', async () => {
  const dead = await new Registry([]).listen();
  const { url } = dead;
  await dead[Symbol.asyncDispose]();
  using house = new ScratchHouse();
  house.engineLock = join(house.folder, 'engine.lock.json');
  writeFileSync(house.engineLock, JSON.stringify({ ...lockOf(['2.0.0', '1.0.0']), officialPair: '1.0.0' }));
  const env = { npm_execpath: '', npm_config_registry: url, npm_config_fetch_retries: '0' };
  const { code, output } = await house.run('engine', env);
  expect(code).toBe(1);
  expect(output).toContain(
    `Setting up the engine: expected @openai/codex@2.0.0-${platformKey()} from npm's registry, or TWINPROOF_ENGINE to name codex 2.0.0`,
  );
  expect(output).toContain('got no connection to it');
});
