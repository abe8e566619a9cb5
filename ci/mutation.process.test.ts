import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'twinproof-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program of ci/ with an npm that prints what it was asked for. */
function run(...args: string[]) {
  const npm = join(folder, 'npm-cli.js');
  writeFileSync(npm, 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;');
  const done = spawnSync(
    process.execPath,
    args.map((arg, at) => (at === 0 ? join(import.meta.dirname, arg) : arg)),
    {
      env: { ...process.env, npm_execpath: npm },
      encoding: 'utf8',
    },
  );
  return { code: done.status, asked: done.stdout.trim() === '' ? [] : JSON.parse(done.stdout), stderr: done.stderr };
}

test('a part of the mutants is measured with the words that were given, and its code is the answer', () => {
  const { code, asked } = run('mutation.mjs', 'measure', '--seed', "7'; rm x", '--shard', '2/4');
  expect(code).toBe(3);
  expect(asked.slice(0, 9)).toEqual([
    'run',
    '--silent',
    'parity',
    '--',
    'mutation',
    '--seed',
    "7'; rm x",
    '--shard',
    '2/4',
  ]);
  expect(asked.at(-1)).toMatch(/shard-2\.jsonl$/);
  const sample = run('mutation.mjs', 'sample', '--seed', '7', '--of', 'harness');
  expect(sample.code).toBe(3);
  expect(sample.asked.slice(4).join(' ')).toMatch(
    /^mutation --mutators own --of harness --by both --seed 7 --count 60 --json \S+sample-harness\.jsonl --min 70 --survivors$/,
  );
  expect(run('mutation.mjs', 'guess')).toMatchObject({ code: 2, asked: [] });
});

test('the results of all platforms are merged, whatever their folders are called', () => {
  const names = ['parity-b node20', "parity-a'$(x)"];
  for (const name of names) mkdirSync(join(folder, 'platforms', name, 'parity'), { recursive: true });
  const { code, asked } = run('platforms.mjs', join(folder, 'platforms'));
  expect(code).toBe(3);
  expect(asked.slice(5)).toEqual([...names].sort().map((name) => join(folder, 'platforms', name, 'parity')));
  expect(run('platforms.mjs', folder)).toMatchObject({ code: 1, asked: [] });
});
