import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fetchEngine, fetchPublishedEngine } from './fetch-engine.mjs';
import { platformKey } from './platform.mjs';
import { binaryText, enginePackage, lockedBuilds, lockOf, Registry, target } from './test-fixtures/registry.ts';
import { tarball } from './test-fixtures/tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-fetch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = platformKey() ?? 'linux-x64';
const name = `2.0.0-${key}`;
let roots = 0;

/** An empty repository whose npm asks that registry, and whose lock has 1.0.0 (the pin) and 2.0.0. */
function house(registry: { url: string }) {
  const root = join(folder, `house ${++roots}`);
  mkdirSync(root);
  const env = {
    ...process.env,
    npm_config_registry: registry.url,
    npm_config_fetch_retries: '0',
    TWINPROOF_ENGINE: '',
  };
  const log: string[] = [];
  const lock = lockOf(['1.0.0', '2.0.0']);
  return { root, log, lock, options: { root, env, lock, log: (line: string) => void log.push(line) } };
}

/** What is in the cache of engines, without the states of verified files. */
const cached = (root: string): string[] =>
  readdirSync(join(root, '.cache/engines'), { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.endsWith('.json') || path.includes('codex-package'))
    .sort();
const whole = ['', '/bin', '/bin/codex', '/codex-package.json'].map((path) => `2.0.0/${key}${path}`);

test('an engine is downloaded once, verified, and kept beside others', async () => {
  await using registry = await new Registry(['1.0.0', '2.0.0']).listen();
  const { root, log, options } = house(registry);
  const engine = await fetchEngine('2.0.0', options);
  expect(readFileSync(engine.path, 'utf8')).toBe(binaryText('2.0.0', key));
  expect(engine).toMatchObject({ version: '2.0.0', packageDir: join(root, '.cache/engines/2.0.0', key) });
  expect(log[0]).toContain(`Downloading codex 2.0.0 (@openai/codex@${name}`);
  expect(await fetchEngine('2.0.0', options)).toEqual(engine);
  await fetchEngine('1.0.0', options);
  expect(registry.downloads).toEqual([name, `1.0.0-${key}`]);
  expect(cached(root)).toEqual(expect.arrayContaining(['2.0.0', ...whole]));
});

test('two at once: the second waits, and downloads nothing', async () => {
  await using registry = await new Registry(['2.0.0']).listen();
  const { options, log } = house(registry);
  const both = await Promise.all([fetchEngine('2.0.0', options), fetchEngine('2.0.0', options)]);
  expect(both[0]).toEqual(both[1]);
  expect(registry.downloads).toEqual([name]);
  expect(log).toContain(`Waiting for process ${process.pid}, which brings codex 2.0.0 …`);
});

test('an interrupted download leaves nothing, and the next try recovers', async () => {
  await using registry = await new Registry(['2.0.0']).listen();
  const { root, options } = house(registry);
  let release = () => {};
  registry.hold = new Promise((resolve) => {
    release = resolve;
  });
  const abort = new AbortController();
  const asked = registry.nextDownload();
  const fetching = fetchEngine('2.0.0', { ...options, signal: abort.signal });
  await asked;
  abort.abort(new Error('enough'));
  await expect(fetching).rejects.toThrow('enough');
  expect(cached(root)).toEqual(['2.0.0']);
  release();
  await fetchEngine('2.0.0', options);
  expect(cached(root)).toEqual(['2.0.0', ...whole]);
});

test('what a killed process has left is swept away, and a damaged engine is brought anew', async () => {
  await using registry = await new Registry(['2.0.0']).listen();
  const { root, options } = house(registry);
  mkdirSync(join(root, `.cache/engines/2.0.0/${key}.partial/package/bin`), { recursive: true });
  const { path } = await fetchEngine('2.0.0', options);
  expect(cached(root)).toEqual(['2.0.0', ...whole]);
  writeFileSync(path, 'damaged');
  expect(readFileSync((await fetchEngine('2.0.0', options)).path, 'utf8')).toBe(binaryText('2.0.0', key));
  expect(registry.downloads).toEqual([name, name]);
});

const vendor = `package/vendor/${target(key)}`;
const lines = Array.from({ length: 1000 }, (_, at) => `line ${at * 7919} of a longer file`).join('\n');

test.each<[string, string, Buffer]>([
  ['another file than published', 'a package with another hash', tarball([{ name: 'package/x', content: 'x' }])],
  ['a file cut in its middle', 'a package with another hash', enginePackage('2.0.0', key).subarray(0, 100)],
])('a registry that sends %s: nothing is kept', async (_, told, sent) => {
  await using registry = await new Registry(['2.0.0']).listen();
  registry.instead.set(name, sent);
  const { root, options } = house(registry);
  await expect(fetchEngine('2.0.0', options)).rejects.toMatchObject({
    kind: 'download',
    message: expect.stringContaining(told),
  });
  expect(cached(root)).toEqual(['2.0.0']);
  registry.instead.clear();
  await fetchEngine('2.0.0', options);
});

test.each<[string, string, Buffer]>([
  ['another binary', 'expected sha256', tarball([{ name: `${vendor}/bin/codex`, content: 'other' }])],
  ['no binary', 'no readable file (ENOENT)', tarball([{ name: 'package/x', content: 'x' }])],
  ['a path that leaves it', '"package/../../x", which leaves it', tarball([{ name: 'package/../../x', content: 'x' }])],
  ['an absolute path', '"/tmp/x", which leaves it', tarball([{ name: '/tmp/x', content: 'x' }])],
  ['a link', 'is not a file (type "2")', tarball([{ name: `${vendor}/bin/codex`, content: '', type: '2' }])],
  ['a device', 'is not a file (type "3")', tarball([{ name: `${vendor}/x`, content: '', type: '3' }])],
  // npm's own words are not always whole when it ends: its code alone is certain.
  [
    'a cut archive',
    'expected npm to end with exit code 0',
    tarball([{ name: `${vendor}/x`, content: lines }]).subarray(0, -300),
  ],
])('a published package with %s is refused, and nothing is kept', async (_, told, tarball) => {
  await using registry = await new Registry(['2.0.0']).listen();
  registry.published.set(name, tarball);
  const { root, options, lock } = house(registry);
  const build = lockedBuilds('2.0.0')[key];
  const npmIntegrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  lock.engines['2.0.0'] = { [key]: { ...(build as NonNullable<typeof build>), npmIntegrity } };
  await expect(fetchEngine('2.0.0', options)).rejects.toThrow(told);
  expect(cached(root)).toEqual(['2.0.0']);
});

test('a package that is not what the lock says is refused though the registry vouches for it', async () => {
  await using registry = await new Registry(['2.0.0']).listen();
  registry.published.set(name, tarball([{ name: `${vendor}/bin/codex`, content: binaryText('2.0.0', key) }]));
  const { options } = house(registry);
  await expect(fetchEngine('2.0.0', options)).rejects.toMatchObject({ kind: 'wrong-hash' });
});

test('a version that is gone and a registry that does not answer are told apart', async () => {
  await using registry = await new Registry(['1.0.0']).listen();
  const gone = fetchEngine('2.0.0', house(registry).options);
  await expect(gone).rejects.toMatchObject({ kind: 'no-version' });
  const dead = await new Registry([]).listen();
  const { url } = dead;
  await dead[Symbol.asyncDispose]();
  const unanswered = fetchEngine('2.0.0', house({ url }).options);
  await expect(unanswered).rejects.toMatchObject({
    kind: 'download',
    message: expect.stringContaining('no connection'),
  });
});

test('an engine that the lock does not have is not looked for', async () => {
  const { options } = house({ url: 'http://127.0.0.1:9' });
  await expect(fetchEngine('3.0.0', options)).rejects.toMatchObject({ kind: 'lock' });
});

test('an engine that is published and not locked is downloaded once, and the lock does not change', async () => {
  await using registry = await new Registry(['2.0.0', '3.0.0']).listen();
  const { options } = house(registry);
  const before = structuredClone(options.lock);
  const { path, version } = await fetchPublishedEngine('3.0.0', options);
  expect([readFileSync(path, 'utf8'), version]).toEqual([binaryText('3.0.0', key), '3.0.0']);
  await fetchPublishedEngine('3.0.0', options);
  expect(registry.downloads).toEqual([`3.0.0-${key}`]);
  // What was brought first is what is expected from then on.
  writeFileSync(path, 'damaged');
  await fetchPublishedEngine('3.0.0', options);
  expect(readFileSync(path, 'utf8')).toBe(binaryText('3.0.0', key));
  expect(options.lock).toEqual(before);
});

test.each([
  ['latest', 'expected a version such as 0.171.0, got "latest"'],
  ['9.9.9', 'expected a published version, got none of that name'],
])('the engine %s is none that could be fetched', async (version, told) => {
  await using registry = await new Registry(['2.0.0']).listen();
  await expect(fetchPublishedEngine(version, house(registry).options)).rejects.toThrow(told);
});
