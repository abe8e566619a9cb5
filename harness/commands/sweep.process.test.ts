import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweep } from './sweep.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sweep-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['seed', 'x'],
  ['count', '0'],
  ['shard', '3'],
  ['jobs', 'many'],
  ['seconds', '0'],
  ['fault', 'hiccup'],
])('--%s %s is refused before anything is read', async (name, value) => {
  const { terminal, out, notes } = saidTerminal();
  await expect(sweep({ [name]: value }, terminal)).rejects.toThrow(`Reading --${name}: expected`);
  expect([out, notes]).toEqual([[], []]);
});

test('a number of runs beside --all is refused', async () => {
  await expect(sweep({ all: true, count: '5' }, saidTerminal().terminal)).rejects.toThrow('Reading --count: expected');
});

test('a sweep is continued only with the file that it wrote', async () => {
  const { terminal } = saidTerminal();
  await expect(sweep({ resume: true }, terminal)).rejects.toThrow('Reading --resume: expected --json');
  const json = path.join(folder, 'other.json');
  await writeFile(json, '[]');
  await expect(sweep({ resume: true, json }, terminal)).rejects.toThrow('a file that a sweep has written');
});

test('a shard of a sample runs, and what has ended before Ctrl-C is told', async () => {
  const some = { scenario: 'threads/unknown-id', fault: 'none,crlf,spaces-around', count: '6', jobs: '1', out: folder };
  const json = path.join(folder, 'swept.json');
  const whole = saidTerminal();
  expect(await sweep({ ...some, shard: '1/3', json }, whole.terminal), whole.out.join('\n')).toBe(0);
  const sharded = JSON.parse(await readFile(json, 'utf8'));
  expect(sharded).toMatchObject({ schemaVersion: 1, planned: 2, verdicts: { same: 2, different: 0 } });
  expect(whole.out.at(-1)).toBe('2 passed, 0 failed');
  expect(whole.notes.join('\n')).toContain('[100 %] 2 of 2 runs, 0 findings');

  const stop = new AbortController();
  let soFar = '';
  const note = (...lines: string[]) => {
    if (!lines.some((line) => line.includes(' 1 of 6 runs'))) return;
    // What is there if the process is killed now.
    soFar = readFileSync(`${json}.part`, 'utf8');
    stop.abort(new Error('enough'));
  };
  const ended = saidTerminal({ note, signal: stop.signal });
  expect(await sweep({ ...some, json }, ended.terminal)).toBe(1);
  expect(ended.out.at(-1)).toBe('1 passed, 5 failed');
  const { planned, cases } = JSON.parse(await readFile(json, 'utf8'));
  expect([planned, cases]).toEqual([6, [{ ...cases[0], verdict: 'same' }]]);
  expect(soFar).toBe(`${JSON.stringify(cases[0])}\n`);

  // Another sweep was killed, while it wrote its second line.
  const another = sharded.cases.find(({ id }: { id: string }) => id !== cases[0].id);
  await writeFile(`${json}.part`, `${JSON.stringify(another)}\n{"id":"sweep/`);
  const continued = saidTerminal();
  expect(await sweep({ ...some, json, resume: true }, continued.terminal), continued.out.join('\n')).toBe(0);
  expect(continued.notes.join('\n')).toContain('[100 %] 4 of 4 runs, 0 findings');
  expect(continued.out.at(-1)).toBe('6 passed, 0 failed');
  expect(await readdir(folder)).toEqual(['swept.json']);

  await expect(sweep({ ...some, only: 'sweep/none/x' }, whole.terminal)).rejects.toThrow(
    'the id of one, as a finding names it',
  );
}, 300_000);
