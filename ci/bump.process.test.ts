import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { platformKey } from '../native/index.ts';
import { Registry } from '../native/test-fixtures/registry.ts';
import { tarball } from '../native/test-fixtures/tarball.ts';

const root = path.dirname(import.meta.dirname);
const future = '9000.1.0';
const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-bump-'));
afterAll(() => {
  for (const left of [folder, path.join(root, '.cache/engines', future)])
    rmSync(left, { recursive: true, force: true });
});

/** `npm run bump` against a registry on loopback. Versions are of numbers that were never published. */
async function bump(url: string, ...given: (string | AbortSignal)[]) {
  const args = given.filter((one) => typeof one === 'string');
  const interrupt = given.find((one) => one instanceof AbortSignal);
  const out = path.join(folder, `out-${readdirSync(folder).length}`);
  const running = execa(process.execPath, [path.join(root, 'ci/bump.mjs'), ...args, '--out', out], {
    cwd: root,
    env: { npm_config_registry: url, npm_config_fetch_retries: '0', NO_COLOR: '1' },
    reject: false,
  });
  interrupt?.addEventListener('abort', () => running.kill('SIGINT'));
  const done = await running;
  return { code: done.exitCode, out: done.stdout, told: done.stderr };
}

const key = platformKey() ?? 'linux-x64';

test.each<[string, string, string, (registry: Registry) => void]>([
  ['a version that does not exist', '9000.0.9', 'expected a published version, got none of that name', () => {}],
  [
    'a corrupted download',
    future,
    'got a package with another hash',
    ({ instead }) => instead.set(`${future}-${key}`, Buffer.from('?')),
  ],
  [
    'a package without an engine',
    future,
    'expected vendor/TARGET/bin/codex, got no such file in it',
    ({ published }) => published.set(`${future}-${key}`, tarball([{ name: 'package/x', content: 'x' }])),
  ],
])('%s: nothing is said of the step, and the exit code is 3', async (_, version, told, damage) => {
  await using registry = await new Registry([future]).listen();
  damage(registry);
  const done = await bump(registry.url, version);
  expect(done.told).toContain(told);
  expect(done).toMatchObject({ code: 3, out: expect.stringContaining(`${version} could not be checked`) });
  expect(done.told).not.toMatch(/^\s+at /m);
});

test('a registry that does not answer: exit code 3', async () => {
  const dead = await new Registry([]).listen();
  const { url } = dead;
  await dead[Symbol.asyncDispose]();
  const done = await bump(url, future);
  expect(done.told).toContain('got no connection to it');
  expect(done.code).toBe(3);
});

test('an interrupt while an engine is downloaded ends it: exit code 130, and nothing half of it is kept', async () => {
  await using registry = await new Registry([future]).listen();
  let release = () => {};
  registry.hold = new Promise((resolve) => {
    release = resolve;
  });
  const stop = new AbortController();
  const running = bump(registry.url, future, stop.signal);
  await registry.nextDownload();
  stop.abort();
  const done = await running;
  release();
  expect(done).toMatchObject({ code: 130, told: expect.stringContaining('the same command with --resume') });
  expect(existsSync(path.join(root, '.cache/engines', future, key))).toBe(false);
});

test.each([
  [['0.1.0'], /expected a version from \S+ on, got 0\.1\.0\. .*npm run bump -- \S+ --from 0\.1\.0\.$/m],
  [
    ['--python', '0.1.0'],
    /expected a version from \S+ on, got 0\.1\.0\. .*npm run bump -- --python \S+ --from-python 0\.1\.0\.$/m,
  ],
])('a step back says which command looks at it, and the exit code is 3: %j', async (args, told) => {
  const done = await bump('http://127.0.0.1:9', ...args);
  expect(done.code).toBe(3);
  expect(done.told).toMatch(told);
});

test.each([
  [[], 'expected VERSION or --python V, got neither'],
  [['latest'], 'expected one such as 0.171.0, got "latest"'],
  [['0.166.0', '--reusme'], '--resume'],
  [['0.166.0', '--jobs', 'x'], '--jobs'],
])('a command line that is not understood is told, and the exit code is 2: %j', async (args, told) => {
  const done = await bump('http://127.0.0.1:9', ...args);
  expect(done.code).toBe(2);
  expect(done.told).toContain(told);
});
