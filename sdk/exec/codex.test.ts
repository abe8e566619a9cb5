import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResolveOps } from '../client/resolve-codex-bin.ts';
import { LaunchError } from '../errors/connection-errors.ts';
import { findEngine } from './codex.ts';

const root = join('/m/@openai/codex-linux-x64', 'vendor', 'x86_64-unknown-linux-musl');
const now = [join(root, 'bin', 'codex'), join(root, 'codex-package.json')];
const before = join(root, 'codex', 'codex');

function ops(files: string[], change: Partial<ResolveOps> = {}): ResolveOps {
  return {
    platform: 'linux',
    arch: 'x64',
    exists: (path) => files.includes(path),
    isDirectory: (path) => files.includes(path),
    packageDir: (name, from) => (name === '@openai/codex' || from ? `/m/${name}` : undefined),
    versionIn: (file) => `version of ${file}`,
    ...change,
  };
}

test('the layout of today, else the one before, each with its folder for the PATH (262)', () => {
  expect(findEngine(ops([...now, before]))).toEqual({ bin: now[0], pathDirs: [], version: `version of ${now[1]}` });
  const dirs = [join(root, 'codex-path'), join(root, 'path')];
  expect(findEngine(ops([...now, ...dirs]))).toMatchObject({ bin: now[0], pathDirs: [dirs[0]] });
  expect(findEngine(ops([now[0] ?? '', before, ...dirs]))).toEqual({ bin: before, pathDirs: [dirs[1]] });
  const windows = join('/m/@openai/codex-win32-x64', 'vendor', 'x86_64-pc-windows-msvc', 'codex', 'codex.exe');
  expect(findEngine(ops([windows], { platform: 'win32' })).bin).toBe(windows);
});

test.each<[Partial<ResolveOps>, string]>([
  [{ packageDir: () => undefined }, 'Unable to locate Codex CLI binaries. Ensure @openai/codex is installed'],
  [
    { packageDir: (name) => (name === '@openai/codex' ? '/m' : undefined) },
    'Unable to locate Codex CLI binaries. Ensure @openai/codex is installed',
  ],
  [{}, 'Unable to locate Codex CLI binaries for x86_64-unknown-linux-musl. Ensure'],
  [{ platform: 'sunos' }, 'Unsupported platform: sunos (x64)'],
])('what is not there is said (262, 263)', (change, text) => {
  expect(() => findEngine(ops([], change))).toThrow(LaunchError);
  expect(() => findEngine(ops([], change))).toThrow(text);
});
