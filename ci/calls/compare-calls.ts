import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holds } from '../../harness/judging/holds.ts';
import {
  type EngineDifference,
  engineDifferencesFile,
  readEngineDifferences,
} from '../../harness/summary/engine-differences.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import type { CallLine } from './stage.ts';

const expectedFile = 'fixtures/expected-calls.txt';

/** What the calls come to, and on which engines to something else. */
export interface Expected {
  lines: readonly CallLine[];
  differences: readonly EngineDifference[];
}

/** @throws Error if one of the two files cannot be read; DataError for what is wrong in the second */
export async function readExpected(root: string): Promise<Expected> {
  const text = await readFile(join(root, expectedFile), 'utf8');
  const lines = text.trimEnd().split('\n').map(parseLine);
  const known = new Set(lines.map(({ call }) => call));
  const differences = await readEngineDifferences(root, known);
  return { lines, differences };
}

export async function writeExpected(root: string, lines: readonly CallLine[]): Promise<void> {
  await writeWhole(join(root, expectedFile), lines.map((line) => `${printed(line)}\n`).join(''));
}

/** A line as it is printed. */
export const printed = ({ call, line }: CallLine): string => `${call}: ${line}`;

function parseLine(text: string): CallLine {
  const at = text.indexOf(': ');
  return { call: text.slice(0, at), line: text.slice(at + 2) };
}

/**
 * What is wrong with the lines of one engine: a line that is neither expected nor a known difference, a call that is
 * missing, one that nobody expects, and a difference that is none.
 */
export function compareCalls(got: readonly CallLine[], { lines, differences }: Expected, version: string): string[] {
  const problems: string[] = [];
  const left = new Map(got.map(({ call, line }) => [call, line]));
  const say = (call: string, expected: string, came: string, advice?: string) =>
    problems.push(expectedGot(`calling "${call}"`, expected, came, advice));
  for (const { call, line: usual } of lines) {
    const difference = differences.find((one) => one.call === call && one.versions.includes(version));
    const line = left.get(call);
    left.delete(call);
    const expected = difference?.what ?? usual;
    if (holds('call-unexpected', line !== expected))
      say(call, `"${expected}"`, line === undefined ? 'no such call' : `"${line}"`);
    else if (holds('call-difference-outlived', usual === difference?.what))
      say(call, `a difference from "${usual}"`, `the same in ${engineDifferencesFile}`);
  }
  for (const call of got.map((one) => one.call))
    if (holds('call-unknown', left.has(call)))
      say(call, `a line of ${expectedFile}`, 'none', 'Run npm run calls -- --update');
  return problems;
}
