import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError } from './engine-error.mjs';
import { type FindOps, findEngine } from './find-engine.mjs';
import { userEnginesFolder } from './user-cache.mjs';

const root = join('/m/@openai/codex-linux-x64', 'vendor', 'x86_64-unknown-linux-musl');
const bin = join(root, 'bin', 'codex');
const metadata = join(root, 'codex-package.json');
const tools = join(root, 'codex-path');
const before = join(root, 'codex', 'codex');
const env = { TWINPROOF_CACHE: '/cache' };

function ops(files: string[], change: Partial<FindOps> = {}): FindOps {
  return {
    platform: 'linux',
    arch: 'x64',
    exists: (path) => files.includes(path),
    isDirectory: (path) => files.includes(path),
    packageDir: (name) => `/m/${name}`,
    read: (file) => (files.includes(file) ? JSON.stringify({ version: '1.0.0' }) : undefined),
    list: (folder) => [
      ...new Set(
        files.flatMap((file) => (file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split('/', 1) : [])),
      ),
    ],
    ...change,
  };
}

const none = { platform: 'none', packageDir: () => expect.unreachable() };

test('an engine of the caller is taken as it is, and nothing else is looked at', () => {
  const found = findEngine({ path: '/own', env: { TWINPROOF_ENGINE: '/other' }, ops: ops(['/own', '/other'], none) });
  expect(found).toEqual({ path: '/own', source: 'option', pathDirs: [], version: undefined });
});

test.each(['/own', ''])('one that is named and not there (%j) is an error, and none falls through', (path) => {
  const all = ops([bin, metadata]);
  expect(() => findEngine({ path, option: 'CodexConfig.codexBin', env, ops: all })).toThrow(
    new EngineError('missing', `Codex binary not found at ${path}. Set CodexConfig.codexBin to a valid binary path.`),
  );
});

test('the one of the environment comes before the package, with the tools of its own package', () => {
  const own = { path: '/e/bin/codex', meta: '/e/codex-package.json', tools: '/e/codex-path' };
  const all = ops([bin, metadata, tools, own.path, own.meta, own.tools]);
  const named = { ...env, TWINPROOF_ENGINE: own.path };
  const found = { path: own.path, source: 'environment', pathDirs: [own.tools], version: '1.0.0' };
  expect(findEngine({ env: named, ops: all })).toEqual(found);
  expect(() => findEngine({ env: { ...env, TWINPROOF_ENGINE: '/x' }, ops: all })).toThrow(
    'Codex binary not found at /x. Set TWINPROOF_ENGINE to a valid binary path, or unset it.',
  );
  expect(findEngine({ env: { ...env, TWINPROOF_ENGINE: '' }, ops: all }).source).toBe('package');
});

test('the platform package has the engine, and perhaps a folder for its PATH', () => {
  const found = { path: bin, source: 'package', pathDirs: [], version: '1.0.0' };
  expect(findEngine({ env, ops: ops([metadata, bin]) })).toEqual(found);
  expect(findEngine({ path: null, env, ops: ops([metadata, bin, tools]) })).toEqual({ ...found, pathDirs: [tools] });
});

test('the layout of today, else the one before, each with its folder for the PATH (262)', () => {
  expect(findEngine({ env, ops: ops([bin, metadata, before]) }).path).toBe(bin);
  const dirs = [tools, join(root, 'path')];
  expect(findEngine({ env, ops: ops([bin, before, ...dirs]) })).toMatchObject({ path: before, pathDirs: [dirs[1]] });
  const windows = join('/m/@openai/codex-win32-x64', 'vendor', 'x86_64-pc-windows-msvc', 'codex', 'codex.exe');
  expect(findEngine({ env, ops: ops([windows], { platform: 'win32' }) }).path).toBe(windows);
});

test('it is looked for from @openai/codex first, then from here', () => {
  const asked: unknown[] = [];
  const packageDir: FindOps['packageDir'] = (name, from) => {
    asked.push([name, from]);
    return from || name === '@openai/codex' ? (from ? undefined : '/m/codex') : '/m/@openai/codex-linux-x64';
  };
  expect(findEngine({ env, ops: ops([metadata, bin], { packageDir }) }).path).toBe(bin);
  expect(asked).toEqual([
    ['@openai/codex', undefined],
    ['@openai/codex-linux-x64', join('/m/codex', 'package.json')],
    ['@openai/codex-linux-x64', undefined],
  ]);
});

const engines = join('/cache', 'engines');
const cached = (version: string, kind = 'linux-x64') => join(engines, version, kind, 'bin', 'codex');
const noPackage = { packageDir: () => undefined };

test('without a package, what was installed is taken: the preferred version, otherwise the newest, a published one before one that was built', () => {
  const find = (files: string[], preferred?: string) =>
    findEngine({ env, ops: ops(files, noPackage), ...(preferred !== undefined && { preferred }) });
  const files = ['0.9.0', '0.171.0', '0.163.0', '0.172.0-alpha.1'].map((version) => cached(version));
  expect(find(files, '0.163.0')).toEqual({ path: files[2], source: 'cache', pathDirs: [], version: '0.163.0' });
  expect(find(files).path).toBe(files[3]);
  expect(find([...files, cached('0.172.0')]).path).toBe(cached('0.172.0'));
  const built = cached('0.171.0', 'linux-x64-built');
  expect(find([...files, built], '0.171.0').path).toBe(files[1]);
  expect(find([built], '0.163.0').path).toBe(built);
  const withTools = ['codex-package.json', 'codex-path'].map((name) => join(engines, '0.9.0', 'linux-x64', name));
  expect(find([cached('0.9.0'), ...withTools]).pathDirs).toEqual([withTools[1]]);
  // What an interrupted installation has left is of no platform.
  expect(() => find([cached('0.171.0', 'linux-x64.partial')])).toThrow('has no engine');
});

test('what was tried is said, and the one command', () => {
  const tried = `TWINPROOF_ENGINE is not set, the package @openai/codex-linux-x64 is not installed, ${engines} has no engine`;
  const advice = 'Run `npx twinproof install`, or install @openai/codex with its optional dependencies, or set path';
  expect(() => findEngine({ env, ops: ops([], noPackage) })).toThrow(`${tried}. ${advice}`);
});

test.each([
  [ops([cached('0.171.0')]), `@openai/codex-linux-x64 is installed but missing its package metadata at ${metadata}`],
  [ops([metadata, cached('0.171.0')]), `is installed but missing its packaged codex binary at ${bin}`],
  [ops([], { platform: 'sunos' }), 'Unsupported platform: sunos (x64)'],
])('a package without its engine is an error, and none falls through to the cache (%#)', (machine, message) => {
  expect(() => findEngine({ env, ops: machine })).toThrow(message);
});

test('an engine of the caller is looked for and started from one and the same folder, whatever `cwd` says', () => {
  const file = resolve('some/codex');
  expect(findEngine({ path: join('some', 'codex'), env, ops: ops([file]) }).path).toBe(file);
});

/** As npm, pnpm and Yarn write them. */
const shims: Record<string, [string, string]> = {
  'npm, global': ['/g/codex.cmd', '"%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*'],
  'npm, local': ['/g/node_modules/.bin/codex.cmd', '"%_prog%"  "%dp0%\\..\\@openai\\codex\\bin\\codex.js" %*'],
  'npm, PowerShell': ['/g/codex.ps1', '& "node$exe"  "$basedir/node_modules/@openai/codex/bin/codex.js" $args'],
  pnpm: ['/a b/ü/node_modules/.bin/codex.CMD', '@node  "%~dp0\\..\\@openai\\codex\\bin\\codex.js" %*'],
  Yarn: ['/g/node_modules/.bin/codex.cmd', '@node  "%~dp0\\..\\@openai\\codex\\bin\\codex.js"   %*'],
};

test.each(Object.entries(shims))('on Windows a file of %s stands for the engine behind it', (_, [shim, text]) => {
  const vendor = join('/v', 'vendor', 'x86_64-pc-windows-msvc');
  const exe = join(vendor, 'bin', 'codex.exe');
  const from: unknown[] = [];
  const windows = ops([shim, exe, join(vendor, 'codex-package.json'), join(vendor, 'codex-path')], {
    platform: 'win32',
    read: (file) => (file === shim ? text : '{ "version": "1.0.0" }'),
    packageDir: (name, at) => {
      from.push([name, at]);
      return '/v';
    },
  });
  const found = { path: exe, pathDirs: [join(vendor, 'codex-path')], version: '1.0.0' };
  expect(findEngine({ path: shim, env, ops: windows })).toEqual({ ...found, source: 'option' });
  const named = { ...env, TWINPROOF_ENGINE: shim };
  expect(findEngine({ env: named, ops: windows })).toEqual({ ...found, source: 'environment' });
  const modules = shim.includes('.bin') ? join(shim, '../..') : join(shim, '../node_modules');
  expect(from[0]).toEqual(['@openai/codex-win32-x64', join(modules, '@openai/codex/package.json')]);
});

test('on Windows a file that only a shell can start, and which leads to no engine, is refused; elsewhere it is a program', () => {
  const shim = '/own/codex.cmd';
  const windows = ops([shim], { platform: 'win32', read: () => 'some other program' });
  expect(() => findEngine({ path: shim, option: 'codexBin', env, ops: windows })).toThrow(
    'Finding the engine: expected codex.exe, got /own/codex.cmd, which Windows starts through another program. Set codexBin to codex.exe.',
  );
  expect(findEngine({ path: shim, env, ops: ops([shim]) }).path).toBe(shim);
});

test.each([
  [{ env: { TWINPROOF_CACHE: '/c' } }, '/c/engines'],
  [{ env: { XDG_CACHE_HOME: '/x' } }, '/x/twinproof/engines'],
  [{ env: {}, home: '/h', platform: 'linux' }, '/h/.cache/twinproof/engines'],
  [{ env: {}, home: '/h', platform: 'darwin' }, '/h/Library/Caches/twinproof/engines'],
  [{ env: { LOCALAPPDATA: '/l' }, platform: 'win32' }, '/l/twinproof/engines'],
])('the cache of %j', (around, folder) => {
  expect(userEnginesFolder(around)).toBe(join(folder));
});
