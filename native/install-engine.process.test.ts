import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { originFile } from './check-engine.mjs';
import { findEngine, machineOps } from './find-engine.mjs';
import { type InstallOptions, installEngine } from './install-engine.mjs';
import { platformKey } from './platform.mjs';
import { runChild } from './run-child.mjs';
import { binaryText, enginePackage, lockOf, Registry, target } from './test-fixtures/registry.ts';
import { type Entry, tar, tarball } from './test-fixtures/tarball.ts';

const root = mkdtempSync(join(tmpdir(), 'twinproof install Zoë-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = platformKey() ?? 'linux-x64';
const program = process.platform === 'win32' ? 'codex.exe' : 'codex';
const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
let users = 0;

/** A user whose npm asks that registry, with an empty cache; the pin of the lock is 1.0.0. */
function user(registry: { url: string } = { url: 'http://127.0.0.1:9' }) {
  users += 1;
  const home = join(root, `${users}`);
  mkdirSync(home);
  const cache = join(home, 'cache');
  const env = {
    ...{ PATH: process.env['PATH'], HOME: home, TWINPROOF_CACHE: cache },
    ...{ npm_config_registry: registry.url, npm_config_fetch_retries: '0', npm_config_cache: join(home, 'npm') },
  };
  const options: InstallOptions = { env, cwd: home, lock: lockOf(['1.0.0', '2.0.0']) };
  return { home, engines: join(cache, 'engines'), env, options };
}

/** What is kept, without npm's logs. */
const kept = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => !path.startsWith('logs'))
        .sort()
    : [];
const whole = (version: string) => [
  version,
  ...['', '/bin', `/bin/${program}`, '/codex-package.json', `/${originFile}`].map((path) => `${version}/${key}${path}`),
];

test('an engine is installed once, with every step told, and found then', async () => {
  await using registry = await new Registry(['1.0.0', '2.0.0']).listen();
  const { engines, env, options } = user(registry);
  const steps = new Set<string>();
  const onProgress: InstallOptions['onProgress'] = ({ step, done, total }) => {
    expect(total ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(done);
    steps.add(step);
  };
  const made = await installEngine({ ...options, onProgress });
  expect(readFileSync(made.path, 'utf8')).toBe(binaryText('1.0.0', key));
  expect(made).toMatchObject({ version: '1.0.0', from: `@openai/codex@1.0.0-${key}`, installed: true });
  expect([...steps]).toEqual(expect.arrayContaining(['unpack', 'verify']));
  expect(await installEngine(options)).toEqual({ ...made, installed: false });
  await installEngine({ ...options, version: '2.0.0' });
  expect(registry.downloads).toEqual([`1.0.0-${key}`, `2.0.0-${key}`]);
  expect(kept(engines)).toEqual([...whole('1.0.0'), ...whole('2.0.0')]);
  const ops = { ...machineOps, packageDir: () => undefined };
  expect(findEngine({ env, preferred: '1.0.0', ops })).toMatchObject({ path: made.path, source: 'cache' });
});

test('a published version that is not in the lock is vouched for by npm, and noted', async () => {
  await using registry = await new Registry(['1.0.0', '3.0.0']).listen();
  const { engines, options } = user(registry);
  const made = await installEngine({ ...options, version: '3.0.0' });
  const origin = { version: '3.0.0', sha256: sha256(binaryText('3.0.0', key)), from: `@openai/codex@3.0.0-${key}` };
  expect(JSON.parse(readFileSync(join(engines, '3.0.0', key, originFile), 'utf8'))).toEqual(origin);
  expect(await installEngine({ ...options, version: '3.0.0' })).toEqual({ ...made, installed: false });
});

test('an engine that was changed, or is damaged, is installed anew', async () => {
  await using registry = await new Registry(['1.0.0']).listen();
  const { options } = user(registry);
  const { path } = await installEngine(options);
  for (const damage of [
    () => writeFileSync(path, 'damaged'),
    () => rmSync(path),
    () => rmSync(join(path, '../..', originFile)),
  ]) {
    damage();
    expect(await installEngine(options)).toMatchObject({ installed: true });
    expect(readFileSync(path, 'utf8')).toBe(binaryText('1.0.0', key));
  }
});

test('two at once: the second waits, and installs nothing', async () => {
  await using registry = await new Registry(['1.0.0']).listen();
  const { options } = user(registry);
  const log: string[] = [];
  const both = await Promise.all([
    installEngine(options),
    installEngine({ ...options, log: (line) => log.push(line) }),
  ]);
  expect(both.map(({ installed }) => installed).sort()).toEqual([false, true]);
  expect(registry.downloads).toEqual([`1.0.0-${key}`]);
});

test('aborted, nothing is kept, and the next try recovers', async () => {
  await using registry = await new Registry(['1.0.0']).listen();
  const { engines, options } = user(registry);
  let release = () => {};
  registry.hold = new Promise((resolve) => {
    release = resolve;
  });
  const abort = new AbortController();
  const asked = registry.nextDownload();
  const installing = installEngine({ ...options, signal: abort.signal });
  await asked;
  abort.abort(new Error('enough'));
  await expect(installing).rejects.toThrow('enough');
  expect(kept(engines)).toEqual(['1.0.0']);
  release();
  expect(await installEngine(options)).toMatchObject({ installed: true });
});

test('killed in the middle, the next try recovers', async () => {
  await using registry = await new Registry(['1.0.0']).listen();
  const { engines, env, options, home } = user(registry);
  registry.hold = new Promise(() => {});
  const asked = registry.nextDownload();
  const text = `
    import { installEngine } from ${JSON.stringify(new URL('./install-engine.mjs', import.meta.url).href)};
    await installEngine({ cwd: ${JSON.stringify(home)}, lock: JSON.parse(process.env.LOCK) });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    env: { ...env, LOCK: JSON.stringify(options.lock) },
    stdio: 'ignore',
  });
  await asked;
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(kept(engines)).toContain('install.lock');
  registry.hold = undefined;
  expect(await installEngine(options)).toMatchObject({ installed: true });
  expect(kept(engines)).toEqual(whole('1.0.0'));
});

const vendor = `package/vendor/${target(key)}`;
const elf = (processor: number) => `\x7fELF${'\0'.repeat(14)}${String.fromCharCode(processor)}\0`;
const foreign = process.platform === 'linux' && process.arch === 'x64' ? elf(0xb7) : elf(0x3e);

test.each<[string, string, Buffer]>([
  [
    'another binary than published',
    'expected sha256',
    tarball([{ name: `${vendor}/bin/${program}`, content: 'other' }]),
  ],
  ['no binary', 'no readable file (ENOENT)', tarball([{ name: 'package/x', content: 'x' }])],
  ['a way out', '"package/../../x", which leaves it', tarball([{ name: 'package/../../x', content: 'x' }])],
  ['a link', 'is not a file (type "2")', tarball([{ name: `${vendor}/bin/${program}`, type: '2' }])],
  ['a device', 'is not a file (type "3")', tarball([{ name: `${vendor}/x`, type: '3' }])],
])('a package with %s is refused, nothing is kept, and what was there stays', async (_, told, sent) => {
  await using registry = await new Registry(['1.0.0', '2.0.0']).listen();
  const { engines, options } = user(registry);
  await installEngine({ ...options, version: '2.0.0' });
  registry.published.set(`1.0.0-${key}`, sent);
  const lock = options.lock as NonNullable<InstallOptions['lock']>;
  const build = lock.engines['1.0.0']?.[key];
  if (build) build.npmIntegrity = `sha512-${createHash('sha512').update(sent).digest('base64')}`;
  await expect(installEngine(options)).rejects.toThrow(told);
  expect(kept(engines)).toEqual(['1.0.0', ...whole('2.0.0')]);
});

test.each<[string, Buffer]>([
  ['another file', tarball([{ name: 'package/x', content: 'x' }])],
  ['half of it', enginePackage('1.0.0', key).subarray(0, 100)],
])('a registry that sends %s is refused, and the next try recovers', async (_, sent) => {
  await using registry = await new Registry(['1.0.0']).listen();
  registry.instead.set(`1.0.0-${key}`, sent);
  const { engines, options } = user(registry);
  await expect(installEngine(options)).rejects.toMatchObject({ kind: 'download' });
  expect(kept(engines)).toEqual(['1.0.0']);
  registry.instead.clear();
  expect(await installEngine(options)).toMatchObject({ installed: true });
});

test.each([
  ['latest', 'expected a version such as 1.0.0, got latest'],
  ['9.9.9', 'expected a published version, got none of that name'],
])('the version %s is none', async (version, told) => {
  await using registry = await new Registry(['1.0.0']).listen();
  await expect(installEngine({ ...user(registry).options, version })).rejects.toThrow(told);
});

test('a registry that does not answer, and a machine that is offline', async () => {
  const { options } = user();
  await expect(installEngine(options)).rejects.toThrow('expected a reachable registry');
  await expect(installEngine({ ...options, offline: true })).rejects.toThrow("expected it in npm's cache, got nothing");
});

test('offline, what is installed is taken, and what npm has in its cache', async () => {
  await using registry = await new Registry(['1.0.0', '2.0.0']).listen();
  const { options, env, home } = user(registry);
  await installEngine(options);
  const { findNpm } = await import('./find-npm.mjs');
  const args = [findNpm(process.env), 'cache', 'add', `@openai/codex@2.0.0-${key}`];
  await runChild(process.execPath, args, { env, cwd: home });
  const before = registry.downloads.length;
  const offline = { ...options, offline: true };
  expect(await installEngine(offline)).toMatchObject({ installed: false });
  expect(await installEngine({ ...offline, version: '2.0.0' })).toMatchObject({ installed: true });
  expect(registry.downloads.length).toBe(before);
});

/** An archive in a folder of its own, as it is given to `--from`. */
function archive(entries: readonly Entry[] | Buffer, name = 'codex.tar.gz') {
  const bytes = Buffer.isBuffer(entries) ? entries : tarball(entries);
  const { options, engines, home } = user();
  writeFileSync(join(home, name), bytes);
  const given = { url: pathToFileURL(join(home, name)).href, sha256: sha256(bytes) };
  return { options: { ...options, archive: given }, engines, bytes, given };
}

const metadata = { name: 'x/codex-package.json', content: '{ "version": "4.0.0" }' };
const engine = { name: `x/bin/${program}`, content: 'an engine' };

test('an archive of a release: the whole package says its version, the engine alone needs it', async () => {
  const packed = archive([metadata, engine, { name: 'x/codex-path/rg', content: 'rg' }]);
  const made = await installEngine(packed.options);
  expect(made).toMatchObject({ version: '4.0.0', installed: true });
  expect(kept(packed.engines)).toEqual(
    [...whole('4.0.0'), ...['', '/rg'].map((path) => `4.0.0/${key}/codex-path${path}`)].sort(),
  );
  expect(await installEngine({ ...packed.options, version: '4.0.0' })).toEqual({ ...made, installed: false });
  await expect(installEngine({ ...packed.options, version: '5.0.0' })).rejects.toThrow(
    'expected codex 5.0.0, got codex 4.0.0',
  );
  const alone = archive([{ name: program, content: 'an engine' }]);
  await expect(installEngine(alone.options)).rejects.toThrow('expected its version, got none. Give it as VERSION.');
  expect(kept(alone.engines)).toEqual([]);
  expect(await installEngine({ ...alone.options, version: '5.0.0' })).toMatchObject({
    version: '5.0.0',
    installed: true,
  });
});

test.each<[string, readonly Entry[] | Buffer, string]>([
  ['a path that leads out', [metadata, engine, { name: '../x' }], '"../x", which leaves it'],
  ['an absolute path', [metadata, engine, { name: '/etc/x' }], '"/etc/x", which leaves it'],
  ['a symbolic link', [metadata, { ...engine, type: '2' }], 'is not a file (type "2")'],
  ['a hard link', [metadata, { ...engine, type: '1' }], 'is not a file (type "1")'],
  ['a device', [metadata, engine, { name: 'x/d', type: '4' }], 'is not a file (type "4")'],
  ['no engine', [metadata], `expected the engine for ${key}, got no such file in it`],
  [
    'another platform’s engine',
    [metadata, { ...engine, content: foreign }],
    `expected a program for ${key}, got one for linux-`,
  ],
  ['no end', gzipSync(tar([metadata, engine], false)), 'it ends without an end mark'],
  [
    'half of its bytes',
    tarball([metadata, { ...engine, content: 'x'.repeat(5000) }]).subarray(0, 150),
    'unexpected end of file',
  ],
  ['no archive', Buffer.from('text'), 'incorrect header check'],
])('an archive with %s is refused, and nothing is kept', async (_, entries, told) => {
  const { options, engines } = archive(entries);
  await expect(installEngine(options)).rejects.toThrow(told);
  expect(kept(engines)).toEqual([]);
});

test('an archive of another hash is never opened; a hash that is none is told', async () => {
  const { options, engines, given } = archive([metadata, engine]);
  const wrong = { ...options, archive: { ...given, sha256: sha256('other') } };
  await expect(installEngine(wrong)).rejects.toMatchObject({ kind: 'wrong-hash' });
  await expect(installEngine({ ...wrong, archive: { ...given, sha256: 'ab' } })).rejects.toThrow(
    '64 hexadecimal digits',
  );
  expect(kept(engines)).toEqual([]);
  const upper = { ...given, sha256: given.sha256.toUpperCase() };
  expect(await installEngine({ ...options, archive: upper })).toMatchObject({ installed: true });
});

test('an archive over HTTP: a refusal, a connection that breaks, an abort; offline it is not asked for', async () => {
  const { options, engines, bytes, given } = archive([metadata, engine]);
  const abort = new AbortController();
  const server = createServer(({ url }, response) => {
    if (url === '/whole') response.setHeader('content-length', bytes.length).end(bytes);
    else if (url === '/cut') response.writeHead(200, { 'content-length': '99' }).write('x', () => response.destroy());
    else if (url === '/held') response.writeHead(200).write('x', () => abort.abort(new Error('enough')));
    else response.writeHead(404).end('no');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const from = (path: string): InstallOptions => ({
    ...options,
    archive: { ...given, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}` },
  });
  await expect(installEngine(from('none'))).rejects.toThrow('expected a whole archive, got HTTP 404');
  await expect(installEngine(from('cut'))).rejects.toThrow('expected a whole archive');
  await expect(installEngine({ ...from('held'), signal: abort.signal })).rejects.toThrow('enough');
  await expect(installEngine({ ...from('whole'), offline: true })).rejects.toThrow('as --offline asks for');
  expect(kept(engines)).toEqual([]);
  const totals = new Set<number | undefined>();
  const onProgress: InstallOptions['onProgress'] = ({ step, total }) => step === 'download' && totals.add(total);
  expect(await installEngine({ ...from('whole'), onProgress })).toMatchObject({ version: '4.0.0' });
  expect([...totals]).toEqual([bytes.length]);
  server.closeAllConnections();
  server.close();
});

/** A file system of its own needs root on Linux. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();
function mounts(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'twinproof-mount-'));
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (done.status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return done.status === 0;
}

/** Runs `work` on a small file system, which may then be read alone. */
async function onDisk(size: string, work: (folder: string, freeze: () => void) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(root, 'disk-'));
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  try {
    await work(folder, () => spawnSync('mount', ['-o', 'remount,ro', folder]));
  } finally {
    spawnSync('umount', ['-l', folder]);
  }
}

const large = { ...engine, content: 'x'.repeat(400_000) };

test.skipIf(!canMount)('a full disk: it is told, nothing is kept, and what was there stays', async () => {
  await onDisk('160k', async (folder) => {
    const { options } = archive([metadata, large]);
    const small = archive([metadata, engine]);
    await installEngine({ ...small.options, folder });
    const before = kept(folder);
    await expect(installEngine({ ...options, folder })).rejects.toThrow(
      /^Bringing codex .*: expected about 1 GB of free disk space, got ENOSPC\.$/,
    );
    expect(kept(folder)).toEqual(before);
  });
});

test.skipIf(!canMount)('a cache that can only be read: what is there is taken, and anything else is told', async () => {
  await onDisk('2m', async (folder, freeze) => {
    const { options } = archive([metadata, engine]);
    const made = await installEngine({ ...options, folder });
    freeze();
    const again = { ...options, folder, version: '4.0.0' };
    expect(await installEngine(again)).toEqual({ ...made, installed: false });
    const other = archive([{ ...metadata, content: '{ "version": "5.0.0" }' }, engine]);
    await expect(installEngine({ ...other.options, folder })).rejects.toThrow(
      /^Bringing codex .*: expected a whole package and a folder that can be written, got EROFS\.$/,
    );
  });
});
