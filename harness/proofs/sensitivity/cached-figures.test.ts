import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleCell } from '../../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../../cell/types.ts';
import { parseGolden } from '../../golden/golden-file.ts';
import { faultLane } from '../../verdict/cell-faults.ts';
import { cachedFigures, deciding, selfDifferences, sensitivityProblems } from './cached-figures.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const golden = (mark: string) => {
  const header = { kind: 'golden', schemaVersion: 1, scenario: `s/${mark}`, client: 'python', engineVersion: '1' };
  const line = { lane: 'mark', key: mark, ch: 'mark', body: { mark } };
  return parseGolden(`${JSON.stringify(header)}\n${JSON.stringify(line)}\n`, mark);
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sensitivity-'));
  for (const part of deciding) await cp(path.join(repository, part), path.join(folder, part), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

it('measures a golden once, until it or the deciding code changes', async () => {
  const measured: number[] = [];
  const measure = (...names: string[]) => cachedFigures(names.map(golden), folder, (done) => measured.push(done));
  // One text (removed, null, emptied, changed) and one line (lost, doubled).
  expect(await measure('a')).toEqual({ tampered: 6, flagged: 6, loosened: {} });
  expect(await measure('a', 'b')).toEqual({ tampered: 12, flagged: 12, loosened: {} });
  expect(await measure('b')).toEqual({ tampered: 6, flagged: 6, loosened: {} });
  expect(measured).toEqual([0, 1]);
  await rm(path.join(folder, 'harness/normalise/lanes.ts'));
  await measure('a');
  expect(measured).toEqual([0, 1, 0]);
});

it('a share below the bar is a problem, one at the bar is none, and what was not measured says nothing', () => {
  const problems = (tampered: number, flagged: number, loosened = {}) =>
    sensitivityProblems({ tampered, flagged, loosened });
  const advice = '`npm run parity -- sensitivity` names what is hidden.';
  expect(problems(100_000, 99_499)).toEqual([
    `Measuring the sensitivity with 100000 tamperings: expected at least 99.5 % to be flagged, got 99.49 %. ${advice}`,
  ]);
  expect(problems(1000, 995)).toEqual([]);
  expect(problems(0, 0)).toEqual([]);
  expect(problems(960, 960, { time: 30, port: 10 })).toEqual([]);
  expect(problems(9599, 9599, { time: 301, port: 100 })).toEqual([
    `Measuring the sensitivity with 9599 tamperings: expected rules to let at most 4 % of the changes pass, got 4.01 %. ${advice}`,
  ]);
});

const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' };
const markLine = { lane: 'mark', key: 'm', ch: 'mark', body: { mark: 'm' } };
const recorded = parseGolden(`${JSON.stringify(header)}\n${JSON.stringify(markLine)}\n`, 'golden');
const difference = { kind: 'missing', lane: 'mark', ch: 'mark', key: 'm', path: 'mark:m' } as const;
const cell = (client: CellResult['client'], engine: CellResult['engine'], round = 1) =>
  sampleCell({
    ...{ scenario: 's/s', client, engine, round, verdict: 'mismatch' },
    unexplained: [difference],
    known: [{ id: 'known', difference }],
  });

it('counts differences of the client that made the golden, on the real engine, every round', () => {
  const results = [cell('python', 'real'), cell('python', 'real', 2), cell('python', 'fake'), cell('ts', 'real')];
  expect(selfDifferences([recorded], results)).toBe(4);
  expect(selfDifferences([], results)).toBe(0);
});

it('leaves out what is known to be wrong with every run of a cell', () => {
  const fault = { ...difference, lane: faultLane };
  const one = { ...cell('python', 'real'), unexplained: [], known: [{ id: 'upstream', difference: fault }] };
  expect(selfDifferences([recorded], [one])).toBe(0);
  expect(selfDifferences([recorded], [{ ...one, unexplained: [fault] }])).toBe(1);
});
