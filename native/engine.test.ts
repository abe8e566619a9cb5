import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lockedBuild, platformKeys, readEngineLock } from './index.ts';
import { cachedHash, verifyEngine } from './verify-engine.mjs';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cache = join(folder, 'cache', 'engine.json');
const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test('the committed lock covers every platform that the engine is published for', () => {
  const lock = readEngineLock();
  expect(Object.keys(lock.platforms).sort()).toEqual([...platformKeys].sort());
  for (const key of platformKeys) {
    const [platform = '', arch = ''] = key.split('-');
    expect(lockedBuild(lock, platform, arch).npm).toBe(`@openai/codex@${lock.version}-${key}`);
  }
  expect(() => lockedBuild(lock, 'sunos', 'x64')).toThrow(
    /^Choosing the engine: expected one of the locked platforms \(linux-x64, .*\), got sunos-x64\.$/,
  );
});

test.each([
  ['not JSON', 'JSON'],
  ['{ "version": "latest" }', 'version "latest"'],
  ['{ "version": "0.163.0", "platforms": { "linux-mips": {} } }', 'platform "linux-mips"'],
  [
    '{ "version": "0.163.0", "platforms": { "linux-x64": { "wheel": "A" } } }',
    'linux-x64.wheel to match /^[a-z0-9_]+$/, got "A"',
  ],
])('a lock that says %s is refused', (text, told) => {
  const file = join(folder, 'lock.json');
  writeFileSync(file, text);
  expect(() => readEngineLock(file)).toThrow(told);
});

test('a verified file is not read again until it changes', async () => {
  const file = join(folder, 'codex');
  writeFileSync(file, 'hello');
  utimesSync(file, 1, 1);
  expect(cachedHash(file, cache)).toBeUndefined();
  await verifyEngine(file, hello, cache);
  expect(cachedHash(file, cache)).toBe(hello);
  writeFileSync(file, 'jello');
  utimesSync(file, 2, 2);
  expect(cachedHash(file, cache)).toBeUndefined();
  await expect(verifyEngine(file, hello, cache)).rejects.toMatchObject({ kind: 'wrong-hash' });
});

test('a file that is not there is told with its path', async () => {
  const file = join(folder, 'absent');
  await expect(verifyEngine(file, hello, cache)).rejects.toMatchObject({
    kind: 'missing',
    message: expect.stringContaining(file),
  });
});
