import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { lockOf, Registry } from '../../native/test-fixtures/registry.ts';
import { tarball } from '../../native/test-fixtures/tarball.ts';
import { type AddOptions, addEngine } from './add-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-add-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two stand for all: npm starts three times for each. */
const platforms = ['linux-x64', 'win32-arm64'] as const;
const locked = (...versions: string[]) => lockOf(versions, platforms);

let houses = 0;

function house(url: string, lock = locked('1.10.0')): AddOptions & { lines: string[] } {
  const root = join(folder, `${++houses}`);
  mkdirSync(root);
  const lockFile = join(root, 'engine.lock.json');
  writeFileSync(lockFile, JSON.stringify(lock));
  const lines: string[] = [];
  const env = { ...process.env, npm_config_registry: url, npm_config_fetch_retries: '0' };
  return { root, lockFile, env, pin: false, platforms, lines, log: (line) => void lines.push(line) };
}

test('an engine is added in the order of versions, and the pin stays', async () => {
  await using registry = await new Registry(['1.9.0', '1.11.0']).listen();
  const options = house(registry.url);
  expect(await addEngine('1.11.0', options)).toBe('codex 1.11.0: added to the lock.');
  await addEngine('1.9.0', options);
  const lock = readEngineLock(options.lockFile);
  expect(lock).toEqual(locked('1.10.0', '1.9.0', '1.11.0'));
  expect(Object.keys(lock.engines)).toEqual(['1.9.0', '1.10.0', '1.11.0']);
  expect(options.lines[1]).toBe('Downloading @openai/codex@1.11.0-win32-arm64 (2 of 2) …');
  expect(readdirSync(options.root)).toEqual(['.cache', 'engine.lock.json']);
});

test('a known engine is checked, and may become the pin', async () => {
  await using registry = await new Registry(['1.10.0', '1.11.0']).listen();
  const options = house(registry.url, locked('1.10.0', '1.11.0'));
  expect(await addEngine('1.11.0', { ...options, pin: true })).toBe('codex 1.11.0: as the lock says; it is the pin.');
  expect(readEngineLock(options.lockFile)).toMatchObject({ pin: '1.11.0', officialPair: '1.10.0' });
});

test.each<[string, string, string, (registry: Registry) => void]>([
  ['no version', 'latest', 'expected a version such as 0.171.0, got "latest"', () => {}],
  ['a version that does not exist', '9.9.9', 'expected a published version, got none of that name', () => {}],
  [
    'a corrupted download',
    '1.11.0',
    'got a package with another hash',
    ({ instead }) => instead.set('1.11.0-win32-arm64', Buffer.from('?')),
  ],
  [
    'a package without a binary',
    '1.11.0',
    'expected vendor/TARGET/bin/codex, got no such file in it',
    ({ published }) => published.set('1.11.0-linux-x64', tarball([{ name: 'package/x', content: 'x' }])),
  ],
  [
    'another package for a known version',
    '1.10.0',
    'expected what the lock says, got other packages for linux-x64',
    ({ published }) =>
      published.set('1.10.0-linux-x64', tarball([{ name: 'package/vendor/t/bin/codex', content: 'x' }])),
  ],
])('%s is told, and the lock stays as it was', async (_, version, told, damage) => {
  await using registry = await new Registry(['1.10.0', '1.11.0']).listen();
  damage(registry);
  const options = house(registry.url);
  const before = readFileSync(options.lockFile, 'utf8');
  await expect(addEngine(version, options)).rejects.toThrow(told);
  expect(readFileSync(options.lockFile, 'utf8')).toBe(before);
});

test('a registry that does not answer is told as that', async () => {
  const dead = await new Registry([]).listen();
  const { url } = dead;
  await dead[Symbol.asyncDispose]();
  await expect(addEngine('1.11.0', house(url))).rejects.toThrow('got no connection to it');
});
