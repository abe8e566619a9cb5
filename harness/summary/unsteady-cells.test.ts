import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import { unsteadyCells } from './unsteady-cells.ts';

const cell = sampleCell;
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
