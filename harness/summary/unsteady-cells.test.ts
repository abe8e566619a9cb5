import { expect, it } from 'vitest';
import type { CellResult } from '../cell/types.ts';
import { unsteadyCells } from './unsteady-cells.ts';

const cell = (over: Partial<CellResult>): CellResult => ({
  scenario: 'turns/plain',
  client: 'ts',
  engine: 'real',
  round: 1,
  verdict: 'match',
  unexplained: [],
  known: [],
  fired: {},
  durationMs: 1,
  ...over,
});
const difference = { kind: 'changed' as const, lane: 'l', ch: 'event' as const, key: 'k', path: 'p' };
const known = (id: string) => cell({ verdict: 'known-difference', known: [{ id, difference }] });

it('names the cells whose rounds differ in verdict or in the entries that explain it', () => {
  const steady = [1, 2].map((round) => cell({ round, client: 'python' }));
  const verdicts = [cell({}), cell({ round: 2, verdict: 'mismatch' }), cell({ round: 3 })];
  const entries = ['e', 'f'].map((id, at) => ({ ...known(id), scenario: 's', round: at + 1 }));
  expect(unsteadyCells([...steady, ...verdicts, ...entries])).toEqual([
    'turns/plain  ts on real: match in rounds 1, 3; mismatch in round 2',
    's  ts on real: known-difference (e) in round 1; known-difference (f) in round 2',
  ]);
});
