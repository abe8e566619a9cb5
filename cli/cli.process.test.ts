import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { readEngineLock } from '../native/index.ts';
import { enginePackage, Registry } from '../native/test-fixtures/registry.ts';
import { progressLine } from './progress.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'twinproof-cli-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let users = 0;
/** A user with an empty cache. */
function user(env: NodeJS.ProcessEnv = {}) {
  users += 1;
  const home = join(folder, `${users}`);
  mkdirSync(home);
  const cache = join(home, 'cache');
  return {
    home,
    env: { HOME: home, TWINPROOF_CACHE: cache, TWINPROOF_ENGINE: '', npm_config_fetch_retries: '0', ...env },
  };
}

async function twinproof(args: readonly string[], { env, home } = user()) {
  const program = join(root, 'scripts/twinproof.mjs');
  const done = await execa(process.execPath, [program, ...args], { cwd: home, env, reject: false, stdin: 'ignore' });
  return { code: done.exitCode, out: done.stdout, note: done.stderr };
}

const fake = join(root, 'dist/fake-codex-rs.mjs');
const { pin } = readEngineLock();

test('the help of the program and of each command; a command line that is wrong exits with 2', async () => {
  const { code, out } = await twinproof(['--help']);
  expect(code).toBe(0);
  for (const name of ['doctor', 'install', 'verify', 'demo', 'acp', 'build']) {
    expect(out).toMatch(new RegExp(`^ {2}${name} +[A-Z]`, 'm'));
    const help = await twinproof([name, '--help']);
    expect([help.code, help.out.split(' [', 1)[0]?.split('\n', 1)[0]], name).toEqual([0, `npx twinproof ${name}`]);
    expect(help.out).toContain('--json');
  }
  expect(await twinproof([])).toMatchObject({ code: 2, out });
  const wrong = await twinproof(['instal']);
  expect(wrong).toMatchObject({ code: 2, out: '' });
  expect(wrong.note).toContain('expected doctor, install, verify, demo, acp, build, got instal. See --help.');
  const refused = await twinproof(['install', '--from', 'x', '--json']);
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.out)).toMatchObject({
    ok: false,
    error: { kind: 'usage', message: expect.stringContaining('--sha256 as well') },
  });
});

test('demo: an approval, a command and an answer, without anything else', async () => {
  const { code, out } = await twinproof(['demo'], user({ PATH: '' }));
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.split(' ', 1)[0])).toEqual(['you', 'approval', 'output', 'codex']);
  const told = await twinproof(['demo', '--json']);
  expect(JSON.parse(told.out)).toEqual({
    ...{ ok: true, prompt: 'Do the tests pass?', commandOutput: '3 tests passed\n', status: 'completed' },
    approvals: [{ command: 'npm test', decision: 'accept' }],
    finalResponse: 'The tests pass: 3 of 3. Nothing to fix.',
  });
});

test('doctor: without an engine it says what was tried; a named one is examined', async () => {
  const none = await twinproof(['doctor', '--json']);
  expect(none.code).toBe(1);
  const { checks } = JSON.parse(none.out);
  const failed = checks.filter(({ ok }: { ok: boolean }) => !ok);
  expect(failed).toEqual([{ name: 'engine', ok: false, says: expect.stringContaining('Run `npx twinproof install`') }]);
  const launcher = join(folder, 'codex');
  writeFileSync(launcher, `#!/bin/sh\nexec '${process.execPath}' '${fake}' "$@"\n`, { mode: 0o755 });
  const named = user({ TWINPROOF_ENGINE: launcher });
  const found = await twinproof(['doctor'], named);
  expect(found.out).toContain(`ok    engine: ${launcher}, named by TWINPROOF_ENGINE`);
  expect(found.out).toContain(`ok    start: it says that it is codex ${pin}`);
  expect(found.code).toBe(0);
  const strict = await twinproof(['doctor', '--check', 'strict', '--json'], named);
  expect(strict.code).toBe(1);
  expect(JSON.parse(strict.out).checks.find(({ name }: { name: string }) => name === 'hash')).toMatchObject({
    ok: false,
  });
  const missing = await twinproof(['doctor', '--engine', join(folder, 'none')], named);
  expect([missing.code, missing.out]).toEqual([1, expect.stringContaining('Set --engine to a valid binary path.')]);
});

test('verify: an engine that nobody knows is not started', async () => {
  const started = join(folder, 'started');
  const launcher = join(folder, 'unknown');
  writeFileSync(launcher, `#!/bin/sh\n: > '${started}'\n`, { mode: 0o755 });
  const { code, out } = await twinproof(['verify', '--engine', launcher, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, checks: [{ name: 'hash', ok: false }] });
  expect(() => readFileSync(started)).toThrow('ENOENT');
});

test('install: from a registry what the lock does not have is refused by its hash; from an archive it needs one', async () => {
  await using registry = await new Registry([pin]).listen();
  const one = user({ npm_config_registry: registry.url });
  // The stand-in of the registry is not the locked engine: its hash says so before anything of it is used.
  const refused = await twinproof(['install', '--json'], one);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out).error.message).toMatch(/integrity|hash|sha512/);
  expect(await twinproof(['install', '9.9.9'], one)).toMatchObject({
    code: 1,
    note: expect.stringContaining('none of that name'),
  });
  const file = join(one.home, 'codex.tgz');
  writeFileSync(file, enginePackage('4.0.0', 'linux-x64'));
  const wrong = await twinproof(['install', '4.0.0', '--from', file, '--sha256', '0'.repeat(64), '--json'], one);
  expect(JSON.parse(wrong.out).error).toMatchObject({
    kind: 'wrong-hash',
    message: expect.stringContaining(pathToFileURL(file).href),
  });
});

test('build of the repository asks for a commit, and invents none', async () => {
  const { code, note } = await twinproof(['build']);
  expect([code, note]).toEqual([1, expect.stringContaining('expected one in the lock, got none. Give it by --commit')]);
});

test.each([
  [
    { step: 'unpack', done: 50e6, total: 100e6 } as const,
    `Unpacking   ${'█'.repeat(12)}${'░'.repeat(12)}  50 %  50.0 MB of 100.0 MB`,
  ],
  [{ step: 'download', done: 1.25e6, total: undefined } as const, 'Downloading 1.3 MB'],
  [{ step: 'verify', done: 5, total: 4 } as const, `Verifying   ${'█'.repeat(24)} 100 %  0.0 MB of 0.0 MB`],
])('the bar of %j', (step, line) => {
  expect(progressLine(step)).toBe(line);
});
