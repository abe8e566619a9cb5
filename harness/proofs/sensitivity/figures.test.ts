import { expect, it } from 'vitest';
import type { CellResult } from '../../cell/types.ts';
import { parseGolden } from '../../golden/golden-file.ts';
import { faultLane } from '../../verdict/cell-faults.ts';
import { selfDifferences } from './figures.ts';

const header = { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' };
const line = { lane: 'mark', key: 'm', ch: 'mark', body: { mark: 'm' } };
const golden = parseGolden(`${JSON.stringify(header)}\n${JSON.stringify(line)}\n`, 'golden');
const difference = { kind: 'missing', lane: 'mark', ch: 'mark', key: 'm', path: 'mark:m' } as const;
const cell = (client: CellResult['client'], engine: CellResult['engine'], round = 1): CellResult => ({
  scenario: 's/s',
  client,
  engine,
  round,
  verdict: 'mismatch',
  unexplained: [difference],
  known: [{ id: 'known', difference }],
  durationMs: 1,
  fired: {},
});

it('counts differences of the client that made the golden, on the real engine, every round', () => {
  const results = [cell('python', 'real'), cell('python', 'real', 2), cell('python', 'fake'), cell('ts', 'real')];
  expect(selfDifferences([golden], results)).toBe(4);
  expect(selfDifferences([], results)).toBe(0);
});

it('leaves out what is known to be wrong with every run of a cell', () => {
  const fault = { ...difference, lane: faultLane };
  const one = { ...cell('python', 'real'), unexplained: [], known: [{ id: 'upstream', difference: fault }] };
  expect(selfDifferences([golden], [one])).toBe(0);
  expect(selfDifferences([golden], [{ ...one, unexplained: [fault] }])).toBe(1);
});
