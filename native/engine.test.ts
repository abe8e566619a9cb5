import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lockedBuild, platformKeys, readEngineLock } from './index.ts';
import { cachedHash, tickMs, verifyEngine } from './verify-engine.mjs';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cache = join(folder, 'cache', 'engine.json');
const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test('the committed lock covers every platform that each engine is published for', () => {
  const lock = readEngineLock();
  for (const [version, builds] of Object.entries(lock.engines)) {
    expect(Object.keys(builds).sort(), version).toEqual([...platformKeys].sort());
    for (const key of platformKeys) {
      const [platform = '', arch = ''] = key.split('-');
      expect(lockedBuild(lock, version, platform, arch).npm).toBe(`@openai/codex@${version}-${key}`);
    }
  }
  expect(lockedBuild(lock)).toBe(lockedBuild(lock, lock.pin));
  expect(() => lockedBuild(lock, '0.1.0')).toThrow(
    /^Choosing the engine: expected a locked version \(.*0\.163\.0.*\), got 0\.1\.0\. Add it with "npm run pin -- 0\.1\.0"\.$/,
  );
  expect(() => lockedBuild(lock, lock.pin, 'sunos', 'x64')).toThrow(
    /^Choosing the engine: expected one of the locked platforms \(linux-x64, .*\), got sunos-x64\.$/,
  );
});

/** With these engines, the first of which is the pin. */
function lockText(engines: Record<string, object>): string {
  const [pin] = Object.keys(engines);
  return JSON.stringify({ pin, officialPair: pin, engines });
}

test.each([
  ['not JSON', 'JSON'],
  ['{ "pin": "latest" }', '"pin" to be one of its engines, got "latest"'],
  ['{ "pin": "1.0.0", "engines": { "1.0.0": {} } }', '"officialPair" to be one of its engines, got nothing'],
  [lockText({ latest: {} }), 'got "latest"'],
  [lockText({ '0.163.0': { 'linux-mips': {} } }), 'platform "linux-mips" of 0.163.0'],
  [lockText({ '0.163.0': { 'linux-x64': null } }), '0.163.0 linux-x64.npm to match'],
  [
    lockText({ '0.163.0': { 'linux-x64': { npm: 'codex' } } }),
    'linux-x64.npm to match /^@openai\\/codex@\\S+$/, got "codex"',
  ],
])('a lock that says %s is refused', (text, told) => {
  const file = join(folder, 'lock.json');
  writeFileSync(file, text);
  expect(() => readEngineLock(file)).toThrow(told);
});

/** Until the file system's clock has moved on: what changes within one tick of it looks unchanged. */
function settle(file: string): void {
  while (Date.now() - statSync(file).ctimeMs <= tickMs + 1);
}

test('a verified file is not read again until it changes', async () => {
  const file = join(folder, 'codex');
  writeFileSync(file, 'hello');
  utimesSync(file, 1, 1);
  settle(file);
  expect(cachedHash(file, cache)).toBeUndefined();
  await verifyEngine(file, hello, cache);
  expect(cachedHash(file, cache)).toBe(hello);
  writeFileSync(file, 'jello');
  utimesSync(file, 2, 2);
  expect(cachedHash(file, cache)).toBeUndefined();
  await expect(verifyEngine(file, hello, cache)).rejects.toMatchObject({ kind: 'wrong-hash' });
});

test('a changed byte is seen whatever the times of the file say, and a cached answer can be declined', async () => {
  const file = join(folder, 'kept');
  const state = join(folder, 'cache', 'kept.json');
  const keep = () => {
    writeFileSync(file, 'hello');
    utimesSync(file, 1, 1);
    settle(file);
    return verifyEngine(file, hello, state);
  };
  const changes: Record<string, () => void> = {
    'in place': () => writeFileSync(file, 'jello'),
    'by another file': () => {
      writeFileSync(`${file}.new`, 'jello');
      renameSync(`${file}.new`, file);
    },
    'in place, by one byte': () => {
      const open = openSync(file, 'r+');
      writeSync(open, 'j', 0);
      closeSync(open);
    },
  };
  for (const [how, change] of Object.entries(changes)) {
    await keep();
    expect(cachedHash(file, state), how).toBe(hello);
    change();
    utimesSync(file, 1, 1);
    expect(cachedHash(file, state), how).toBeUndefined();
    await expect(verifyEngine(file, hello, state), how).rejects.toMatchObject({ kind: 'wrong-hash' });
  }
  await keep();
  const told = JSON.parse(readFileSync(state, 'utf8'));
  writeFileSync(file, 'jello');
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const lie = Object.fromEntries(
    Object.entries({ dev, ino, size, mtimeNs, ctimeNs }).map(([name, n]) => [name, `${n}`]),
  );
  writeFileSync(state, JSON.stringify({ ...told, ...lie }));
  await verifyEngine(file, hello, state);
  await expect(verifyEngine(file, hello, state, { fresh: true })).rejects.toMatchObject({ kind: 'wrong-hash' });
});

test('a file that is not there is told with its path', async () => {
  const file = join(folder, 'absent');
  await expect(verifyEngine(file, hello, cache)).rejects.toMatchObject({
    kind: 'missing',
    message: expect.stringContaining(file),
  });
});
