import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readParts } from '../proofs/mutation/results-file.ts';
import { mutation } from './mutation.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mutation-'));
});
afterEach(() => rm(folder, { recursive: true }));

// The second is one that the pin's engine cannot show, and so has no golden.
const some = {
  scenario: 'faults/two-on-a-line,requests/current-time',
  file: 'sdk/rpc/incoming-message.ts',
  count: '3',
  jobs: '1',
};
/** @param stop ends the run at its first result */
function terminalOf(lines: string[], stop = new AbortController(), early = false) {
  const out = (...more: string[]) => void lines.push(...more);
  const note = (...more: string[]) => {
    out(...more);
    if (early && more.some((line) => /^\[1\/3\]/.test(line))) stop.abort(new Error('enough'));
  };
  return saidTerminal({ out, note, signal: stop.signal }).terminal;
}

test.each([
  ['seed', 'x'],
  ['mutators', 'others'],
  ['of', 'docs'],
  ['by', 'chance'],
  ['count', '0'],
  ['shard', '3'],
  ['jobs', 'many'],
  ['min', '200'],
])('--%s %s is refused before anything runs', async (name, value) => {
  const lines: string[] = [];
  await expect(mutation({ ...some, [name]: value }, terminalOf(lines))).rejects.toThrow(`Reading --${name}: expected`);
  expect(lines).toEqual([]);
});

test('results are written as they come: an ended run leaves them beside, and they are no score', async () => {
  const json = path.join(folder, 'results.jsonl');
  const lines: string[] = [];
  expect(await mutation({ ...some, json }, terminalOf(lines)), lines.join('\n')).toBe(0);
  const [whole] = await readParts([json]);
  expect(whole).toMatchObject({ selection: { seed: 1, count: 3, chosen: 3, files: [some.file], again: false } });
  expect(whole?.results).toHaveLength(3);
  const brief = path.join(folder, 'brief.jsonl');
  expect(await mutation({ from: json, brief }, terminalOf([]))).toBe(0);
  expect((await readFile(brief, 'utf8')).trim().split('\n')).toHaveLength(4);
  await expect(mutation({ brief }, terminalOf([]))).rejects.toThrow('Reading --brief: expected --from');

  const before = await readFile(json, 'utf8');
  await expect(mutation({ ...some, json, seed: '2' }, terminalOf(lines, undefined, true))).rejects.toThrow('enough');
  expect(await readFile(json, 'utf8')).toBe(before);
  expect(lines.at(-1)).toBe(`1 results are in ${json}.part`);
  const [part] = await readParts([`${json}.part`]);
  expect(part).toMatchObject({ selection: { seed: 2, chosen: 3 }, results: [{ file: some.file }] });
  lines.length = 0;
  expect(await mutation({ from: `${json}.part` }, terminalOf(lines))).toBe(1);
  expect(lines.at(-1)).toContain('has 1 of the 3 mutants that were selected');

  await expect(mutation({ ...some, json, seed: '3', resume: true }, terminalOf([]))).rejects.toThrow(
    'expected the same selection and sources, got others',
  );
  lines.length = 0;
  expect(await mutation({ ...some, json, seed: '2', resume: true }, terminalOf(lines)), lines.join('\n')).toBe(0);
  expect(lines.filter((line) => /^\[\d\/2\]/.test(line))).toHaveLength(2);
  const [resumed] = await readParts([json]);
  expect(resumed).toMatchObject({ selection: { seed: 2, chosen: 3 }, results: { length: 3 } });

  expect(await mutation({ ...some, json, again: json }, terminalOf(lines)), lines.join('\n')).toBe(0);
  expect((await readParts([json]))[0]).toMatchObject({ selection: { again: true, chosen: 3 } });
}, 240_000);
