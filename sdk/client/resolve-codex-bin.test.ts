import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LaunchError } from '../errors/connection-errors.ts';
import { type ResolveOps, resolveCodexBin } from './resolve-codex-bin.ts';

const root = join('/m/@openai/codex-linux-x64', 'vendor', 'x86_64-unknown-linux-musl');
const bin = join(root, 'bin', 'codex');
const metadata = join(root, 'codex-package.json');

function ops(files: string[], change: Partial<ResolveOps> = {}): ResolveOps {
  return {
    platform: 'linux',
    arch: 'x64',
    exists: (path) => files.includes(path),
    isDirectory: (path) => files.includes(path),
    packageDir: (name) => `/m/${name}`,
    versionIn: (file) => `version of ${file}`,
    ...change,
  };
}

test('an engine of the caller is taken as it is, and nothing else is looked at', () => {
  const none = { platform: 'none', packageDir: () => expect.unreachable() };
  expect(resolveCodexBin({ codexBin: '/own' }, ops(['/own'], none))).toEqual({ bin: '/own', pathDirs: [] });
  expect(() => resolveCodexBin({ codexBin: '/own' }, ops([], none))).toThrow(
    new LaunchError('Codex binary not found at /own. Set CodexConfig.codexBin to a valid binary path.'),
  );
});

test('the platform package has the engine, and perhaps a folder for its PATH', () => {
  const pathDir = join(root, 'codex-path');
  expect(resolveCodexBin({}, ops([metadata, bin]))).toEqual({ bin, pathDirs: [] });
  expect(resolveCodexBin({ codexBin: null }, ops([metadata, bin, pathDir]))).toEqual({ bin, pathDirs: [pathDir] });
});

test('it is looked for from @openai/codex first, then from here', () => {
  const asked: unknown[] = [];
  const packageDir: ResolveOps['packageDir'] = (name, from) => {
    asked.push([name, from]);
    return from || name === '@openai/codex' ? (from ? undefined : '/m/codex') : '/m/@openai/codex-linux-x64';
  };
  expect(resolveCodexBin({}, ops([metadata, bin], { packageDir })).bin).toBe(bin);
  expect(asked).toEqual([
    ['@openai/codex', undefined],
    ['@openai/codex-linux-x64', join('/m/codex', 'package.json')],
    ['@openai/codex-linux-x64', undefined],
  ]);
});

test.each([
  [ops([], { packageDir: () => undefined }), 'the package @openai/codex-linux-x64 is not installed'],
  [ops([]), `missing its package metadata at ${metadata}`],
  [ops([metadata]), `missing its packaged codex binary at ${bin}`],
  [ops([], { platform: 'sunos' }), 'Unsupported platform: sunos (x64)'],
])('what is missing is said (%#)', (machine, message) => {
  expect(() => resolveCodexBin({}, machine)).toThrow(LaunchError);
  expect(() => resolveCodexBin({}, machine)).toThrow(message);
});

test('an engine of the caller is looked for and started from one and the same folder, whatever `cwd` says', () => {
  const bin = resolve('some/codex');
  expect(resolveCodexBin({ codexBin: join('some', 'codex') }, ops([bin]))).toEqual({ bin, pathDirs: [] });
});
