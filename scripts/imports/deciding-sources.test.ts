import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deciding } from '../../harness/proofs/sensitivity/cached-figures.ts';
import { decidingFolders, partOf } from '../../harness/verdict/deciding-sources.ts';
import { touchedBy } from '../../harness/watch/select-touched.ts';
import { readImports } from './read-imports.ts';

const root = join(import.meta.dirname, '..', '..');

/** All files whose values the programs import, one after the other. */
function importedBy(programs: readonly string[]): string[] {
  const files = new Set(programs);
  for (const file of files)
    for (const { target, typeOnly } of readImports(file, readFileSync(join(root, file), 'utf8')))
      if (!typeOnly && target !== undefined && /\.m?[jt]s$/.test(target)) files.add(target);
  return [...files].sort();
}

/** What runs and judges a cell, and every program that it starts. */
const programs = [
  'harness/run/session.ts',
  'harness/run/record.ts',
  'harness/driver/ts/ts-driver.ts',
  'harness/driver/bare/bare-driver.ts',
  'harness/driver/exec/exec-driver.ts',
  'harness/engine/programs/mcp-server.mjs',
  'testing/engine/tee.mjs',
  'fake-codex-rs/main.ts',
];

test('all code that decides a verdict is in the digest of inputs, and a watched run follows it', () => {
  const files = importedBy(programs);
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => partOf(file) !== 'code')).toEqual([]);
  expect(files.filter((file) => touchedBy(file) === undefined)).toEqual([]);
});

test('no folder of the harness is listed of which nothing decides a verdict', () => {
  const seen = new Set(importedBy(programs).map((file) => file.split('/')[1]));
  expect(decidingFolders.filter((folder) => !seen.has(folder))).toEqual([]);
});

test('what the detectors of faults read is among it', () => {
  expect(partOf('harness/verdict/fault-kinds.ts')).toBe('code');
  expect(importedBy(['harness/run/session.ts'])).toContain('harness/verdict/fault-kinds.ts');
});

test('all code that decides what is flagged makes the kept figures of sensitivity anew', () => {
  const files = importedBy(['harness/proofs/sensitivity/tamper/measure.ts']);
  expect(files.filter((file) => !deciding.some((place) => file === place || file.startsWith(`${place}/`)))).toEqual([]);
});
