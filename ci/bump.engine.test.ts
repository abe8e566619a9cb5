import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { readEngineLock } from '../native/index.ts';

const root = path.dirname(import.meta.dirname);
const out = mkdtempSync(path.join(tmpdir(), 'twinproof-bump-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const { officialPair, pin } = readEngineLock();
const args = [pin, '--from', pin, '--scenario', 'gate/steer,turns/plain-message', '--jobs', '1', '--out', out];
const start = (...more: string[]) =>
  execa(process.execPath, [path.join(root, 'ci/bump.mjs'), ...args, ...more], {
    ...{ cwd: root, env: { NO_COLOR: '1' }, reject: false, all: true },
  });

const observed = (): string[] =>
  readFileSync(path.join(out, `python-${officialPair}`, 'finished.txt'), 'utf8').match(/raw\S+/g) ?? [];

test('an interrupt ends it in order, --resume goes on from there, and an engine against itself raises no alarm', async () => {
  const first = start();
  for await (const line of first.iterable({ from: 'all' })) {
    if (line.startsWith('scenarios: 50 %')) first.kill('SIGINT');
  }
  const interrupted = await first;
  expect(interrupted.exitCode, interrupted.all).toBe(130);
  expect(interrupted.all).toMatch(
    /^ending what runs …\ninterrupted; the same command with --resume goes on from here$/m,
  );
  expect(existsSync(path.join(out, 'bump.json'))).toBe(false);
  const kept = observed();
  expect(kept.length).toBeGreaterThan(0);

  const resumed = await start('--resume');
  expect(resumed.exitCode, resumed.all).toBe(0);
  expect(resumed.all).toContain('safe to take: 0 breaking, 0 behaviour, 0 additive; 2 scenarios compared');
  // Nothing that was finished ran again, and each side has observations of its own.
  const all = observed();
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining(kept));
  const own = all.filter((one) => one.startsWith('raw/gate/steer/python.real'));
  expect(own.sort()).toEqual(['.2', '.3', '.4', ''].map((round) => `raw/gate/steer/python.real${round}.jsonl`));
});
