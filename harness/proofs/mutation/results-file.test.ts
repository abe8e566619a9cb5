import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ResultsWriter, readParts, readResults } from './results-file.ts';
import { partsProblem, type Selection, wholeProblem } from './selection.ts';
import type { MutantResult } from './try-mutant.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'results-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const result = (line: number) =>
  ({
    file: 'sdk/a.ts',
    line,
    column: 1,
    mutator: 'm',
    original: 'a',
    replacement: 'b',
    status: 'killed',
  }) as MutantResult;
const selection = (chosen: number, over: Partial<Selection> = {}): Selection => ({
  ...{ kind: 'selection', schemaVersion: 1, files: [], scenario: null, family: null, seed: 1, count: 4, shard: null },
  ...{ again: false, chosen, inputs: { code: 'k' } },
  ...over,
});
const at = (name: string) => path.join(folder, name);

async function write(name: string, chosen: Selection, lines: number[]): Promise<string> {
  const writer = await ResultsWriter.begin(at(name), chosen);
  for (const line of lines) await writer.add(result(line));
  await writer.end();
  return at(name);
}

test('results stand beside until all are there: what a killed run found is kept, the earlier file is as it was', async () => {
  await write('a.jsonl', selection(1), [1]);
  const writer = await ResultsWriter.begin(at('a.jsonl'), selection(3), [result(5)]);
  await writer.add(result(6));
  await appendFile(writer.part, '{"file":"sdk/a');
  expect((await readResults([at('a.jsonl')])).map(({ line }) => line)).toEqual([1]);
  const parts = await readParts([writer.part]);
  expect(parts[0]?.results.map(({ line }) => line)).toEqual([5, 6]);
  expect(partsProblem(parts)).toBe(`${writer.part}:1 has 2 of the 3 mutants that were selected`);
  await writer.end();
  expect(existsSync(writer.part)).toBe(false);
});

test('shards are a whole, as files and one behind the other; one that is missing, twice or of other sources is named', async () => {
  const shard = (index: number, over: Partial<Selection> = {}) => selection(2, { shard: { index, count: 2 }, ...over });
  const one = await write('one.jsonl', shard(1), [1, 3]);
  const two = await write('two.jsonl', shard(2), [2, 4]);
  await writeFile(at('all.jsonl'), (await readFile(one, 'utf8')) + (await readFile(two, 'utf8')));
  const problem = async (...files: string[]) => wholeProblem(await readParts(files));
  expect(await problem(one, two)).toBeUndefined();
  expect(await problem(at('all.jsonl'))).toBeUndefined();
  expect(await problem(two)).toBe('shard 1/2 is missing');
  expect(partsProblem(await readParts([two]))).toBeUndefined();
  expect(await problem(one, two, one)).toContain('sdk/a.ts:1 is in');
  const other = await write('other.jsonl', shard(2, { inputs: { code: 'other' } }), [2, 4]);
  expect(await problem(one, other)).toBe(`${other}:1 is of another selection or other sources than ${one}:1`);
});

test('results without a selection, and lines that are none, are named', async () => {
  await writeFile(at('old.jsonl'), `${JSON.stringify(result(1))}\n`);
  expect(partsProblem(await readParts([at('old.jsonl')]))).toBe(
    `${at('old.jsonl')}:1 does not say which mutants were selected`,
  );
  await writeFile(at('odd.jsonl'), '{"a":1}\n');
  await expect(readResults([at('odd.jsonl')])).rejects.toThrow(
    'odd.jsonl:1: expected the result of a mutant, got {"a":1}',
  );
  await writeFile(at('odd.jsonl'), 'x\n');
  await expect(readResults([at('odd.jsonl')])).rejects.toThrow('odd.jsonl:1: expected');
});
