import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkEngine, originFile } from '../../native/check-engine.mjs';
import { lockOf } from '../../native/test-fixtures/registry.ts';
import { hashEngine, tickMs } from '../../native/verify-engine.mjs';
import { Codex as Exec } from '../exec.ts';
import { Codex, LaunchError } from '../index.ts';

let folder: string;
let started: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-check-'));
  started = join(folder, 'started');
  vi.stubEnv('TWINPROOF_CACHE', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program in place of an engine, which leaves a mark when it is started. */
function program(text = ''): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const file = join(folder, 'bin', 'codex');
  writeFileSync(file, `#!/bin/sh\n: > '${started}'\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

test.skipIf(process.platform === 'win32')('strict: a file whose hash nobody knows is never started', async () => {
  const codexBin = program();
  const codex = new Codex({ codexBin, engineCheck: 'strict' });
  const failed = codex.connect();
  await expect(failed).rejects.toThrow(LaunchError);
  await expect(failed).rejects.toThrow(
    /^Verifying the engine .*bin\/codex: expected the published codex of .*, got another file/,
  );
  await codex.close();
  const exec = new Exec({ codexPathOverride: codexBin, engineCheck: 'strict' });
  await expect(exec.startThread().run('hi')).rejects.toThrow(LaunchError);
  expect(existsSync(started)).toBe(false);
  // The same file is started where nobody asks.
  const usual = new Codex({ codexBin });
  await expect(usual.connect()).rejects.toThrow();
  expect(existsSync(started)).toBe(true);
});

test('what was noted when an engine was brought or built makes it known, until it changes', async () => {
  const path = program();
  const sha256 = await hashEngine(path, undefined);
  await expect(checkEngine(path)).rejects.toMatchObject({ kind: 'wrong-hash' });
  writeFileSync(join(folder, originFile), JSON.stringify({ version: '9.9.9', sha256, from: 'a commit' }));
  expect(await checkEngine(path)).toEqual({ sha256, version: '9.9.9', by: 'recorded' });
  program('# changed');
  await expect(checkEngine(path)).rejects.toMatchObject({ kind: 'wrong-hash' });
  writeFileSync(join(folder, originFile), '{ "version": 1');
  await expect(checkEngine(path)).rejects.toMatchObject({ kind: 'wrong-hash' });
});

test('the lock knows the engine; its file is read once for each of its states', async () => {
  const path = program();
  const sha256 = await hashEngine(path, undefined);
  const lock = lockOf(['1.0.0', '2.0.0']);
  for (const build of Object.values(lock.engines['2.0.0'] ?? {})) build.sha256 = sha256;
  const onProgress = vi.fn();
  // What changes within one tick of the file system's clock looks unchanged.
  while (Date.now() - statSync(path).ctimeMs <= tickMs + 1);
  const check = () => checkEngine(path, { lock, onProgress });
  expect(await check()).toEqual({ sha256, version: '2.0.0', by: 'locked' });
  const reads = onProgress.mock.calls.length;
  expect(reads).toBeGreaterThan(0);
  await check();
  expect(onProgress).toHaveBeenCalledTimes(reads);
  await checkEngine(path, { lock, onProgress, fresh: true });
  expect(onProgress.mock.calls.length).toBe(reads * 2);
});

test.each(['Strict', 'none', true, 1])('a check that is none (%j) is a TypeError', (engineCheck) => {
  const expected = /option engineCheck of .*: expected "warn" or "strict" or "off", got/;
  expect(() => new Codex({ engineCheck: engineCheck as never })).toThrow(expected);
  expect(() => new Exec({ engineCheck: engineCheck as never })).toThrow(expected);
});
