import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bringPython } from './bring-python.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-python-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let houses = 0;

/** A repository whose Python is a program that plays `venv` and `pip`: it makes a folder with itself, and ends as `pip` says. */
function house(pip: string) {
  const root = path.join(folder, `${++houses}`);
  const bin = path.join(root, '.venv', 'bin');
  for (const one of [bin, path.join(root, 'python-golden')]) mkdirSync(one, { recursive: true });
  const requirements = '# Clients.\nopenai-codex==0.163.0\nopenai-codex-cli-bin==0.163.0\nopenai-codex-sdk==0.1.11\n';
  writeFileSync(path.join(root, 'python-golden', 'requirements.in'), requirements);
  const program = `#!/bin/sh
if [ "$3" = venv ]; then mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; exit; fi
echo "$@" >> "${root}/asked"
${pip}
`;
  writeFileSync(path.join(bin, 'python'), program);
  chmodSync(path.join(bin, 'python'), 0o755);
  const notes: string[] = [];
  return { root, notes, options: { root, env: process.env, note: (line: string) => void notes.push(line) } };
}

const cached = (root: string, version: string) => path.join(root, '.cache', 'python', version);

test.skipIf(process.platform === 'win32')('another version is installed once, beside the project’s own', async () => {
  const { root, notes, options } = house('exit 0');
  expect(await bringPython('0.163.0', options)).toEqual({
    path: path.join(root, '.venv/bin/python'),
    version: '0.163.0',
  });
  expect(notes).toEqual([]);
  const brought = await bringPython('0.160.0', options);
  expect(brought).toEqual({ path: path.join(cached(root, '0.160.0'), 'bin/python'), version: '0.160.0' });
  expect(await bringPython('0.160.0', options)).toEqual(brought);
  expect(notes).toEqual(['Installing the Python SDK 0.160.0 (about 150 MB) …']);
});

test.skipIf(process.platform === 'win32').each([
  [
    'no such version',
    'echo "ERROR: No matching distribution found for openai-codex==9.9.9"; exit 1',
    'no-version',
    'got none',
  ],
  [
    'a dead index',
    'echo "NewConnectionError: refused"; echo "ERROR: No matching distribution found for it"; exit 1',
    'download',
    'no connection to it',
  ],
  ['a corrupted download', 'echo "THESE PACKAGES DO NOT MATCH THE HASHES"; exit 1', 'download', 'another hash'],
])('%s: told as that, and nothing is kept', async (_, pip, kind, told) => {
  const { root, options } = house(pip);
  await expect(bringPython('9.9.9', options)).rejects.toMatchObject({ kind, message: expect.stringContaining(told) });
  expect(existsSync(cached(root, '9.9.9'))).toBe(false);
});

test('what is no version, and a project that is not set up, are told before anything is asked', async () => {
  const { root, options } = house('exit 0');
  await expect(bringPython('latest', options)).rejects.toThrow('expected a version such as 0.163.0, got "latest"');
  rmSync(path.join(root, '.venv'), { recursive: true });
  await expect(bringPython('0.160.0', options)).rejects.toThrow('npm run parity makes it');
});
