import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Codex } from './codex.ts';
import { CodexAuthError } from './exec-errors.ts';
import { loginWithAuthJson } from './login-with-auth-json.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-json-'));
  // `os.homedir()` reads these.
  vi.stubEnv('HOME', folder).stubEnv('USERPROFILE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('the file is Python’s, byte for byte, and nobody else can read it (302)', async () => {
  const path = await loginWithAuthJson({ authJson: '{"b":{"z":[],"a":"é\u007f😀"},"a":1}' });
  expect(path).toBe(join(folder, '.codex', 'auth.json'));
  expect(await readFile(path, 'utf8')).toBe(
    '{\n  "a": 1,\n  "b": {\n    "a": "\\u00e9\\u007f\\ud83d\\ude00",\n    "z": []\n  }\n}\n',
  );
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, '.codex'))).toEqual(['auth.json']);
});

test('from the environment, under another name, to another place, with another mode (302)', async () => {
  vi.stubEnv('CODEX_AUTH_JSON', '1').stubEnv('MINE', '2');
  expect(await readFile(await loginWithAuthJson(), 'utf8')).toBe('1\n');
  const path = await Codex.loginWithAuthJson({ envVar: 'MINE', path: '~/x/y.json', mode: 0o640 });
  expect(path).toBe(join(folder, 'x', 'y.json'));
  expect(await readFile(path, 'utf8')).toBe('2\n');
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test('a file that is there stays, unless it is to be replaced (303)', async () => {
  const path = join(folder, 'auth.json');
  await writeFile(path, 'old');
  expect(await loginWithAuthJson({ authJson: '1', path })).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('old');
  await loginWithAuthJson({ authJson: '1', path, overwrite: true });
  expect(await readFile(path, 'utf8')).toBe('1\n');
});

test('what is missing or wrong is said, without the secret (303)', async () => {
  vi.stubEnv('CODEX_AUTH_JSON', '');
  await expect(loginWithAuthJson()).rejects.toThrow(
    new CodexAuthError('Missing auth JSON (provide authJson or set CODEX_AUTH_JSON)'),
  );
  vi.stubEnv('CODEX_AUTH_JSON', '{}');
  await expect(loginWithAuthJson({ authJson: '' }), 'given, and empty').rejects.toThrow('Missing auth JSON');
  const error = await loginWithAuthJson({ authJson: '{"key": sk-secret}' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CodexAuthError);
  expect((error as Error).message).toMatch(/^Invalid JSON for auth file: /);
  expect(`${(error as Error).message}${(error as Error).cause}`).not.toContain('secret');
  await mkdir(join(folder, 'taken'));
  const failed = loginWithAuthJson({ authJson: '1', path: join(folder, 'taken'), overwrite: true });
  await expect(failed).rejects.toMatchObject({
    message: expect.stringMatching(/^Failed to write auth file/),
    cause: { code: expect.anything() },
  });
  expect(await readdir(folder)).toEqual(['taken']);
});
