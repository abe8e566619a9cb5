import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { equivalence, readEquivalents, refuted } from './equivalents.ts';
import type { MutantResult } from './try-mutant.ts';

let root = '';
afterEach(() => rm(root, { recursive: true, force: true }));

async function repository(list: string): Promise<string> {
  root = await mkdtemp(path.join(tmpdir(), 'equivalents-'));
  await mkdir(path.join(root, 'fixtures'));
  await writeFile(path.join(root, 'a.ts'), 'one();\n  two();\n');
  await writeFile(path.join(root, 'fixtures', 'equivalent-mutants.yaml'), list);
  return root;
}

test('the lines of the committed list are there', async () => {
  expect(await readEquivalents(fileURLToPath(new URL('../../..', import.meta.url)))).not.toEqual([]);
});

const mutant = (line: number, replacement = '{}'): MutantResult => ({
  id: '1',
  file: 'a.ts',
  line,
  column: 1,
  mutator: 'BlockStatement',
  original: '',
  replacement,
  status: 'killed',
  reachedBy: 1,
  likeliest: [],
  killer: 'a/b',
  durationMs: 1,
});

test('a mutant is known by its line as it reads now, its mutator and its replacement', async () => {
  const folder = await repository(
    "- { file: a.ts, line: 'two();', mutator: BlockStatement, replacement: '{}', reason: Nobody waits for it. }\n",
  );
  const listed = await readEquivalents(folder);
  const isListed = equivalence(folder, listed);
  expect([mutant(2), mutant(1), mutant(2, 'null')].map(isListed)).toEqual([true, false, false]);
  expect(refuted(folder, listed, [mutant(1), mutant(2)])).toMatchObject([{ by: { line: 2, killer: 'a/b' } }]);
});

test('an entry whose line or file is gone is refused', async () => {
  const rest = 'mutator: BlockStatement, reason: Nobody waits for it';
  const gone = await repository(
    `- { file: a.ts, line: 'three();', ${rest} }\n- { file: b.ts, line: 'one();', ${rest} }\n`,
  );
  await expect(readEquivalents(gone)).rejects.toThrow(
    'fixtures/equivalent-mutants.yaml:1:23: expected a line of a.ts, got "three();"\n' +
      'fixtures/equivalent-mutants.yaml:2:11: expected a file of the repository, got b.ts',
  );
});
