import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import { engineFigures } from './engine-figures.ts';

const cell = (over: Partial<CellResult>) => sampleCell({ scenario: 's/a', ...over });
const drift = (...paths: string[]): NonNullable<CellResult['drift']> =>
  paths.map((path) => ({ kind: 'changed', lane: 'l', ch: 'event', key: 'k', path }));
const none = { 'ts-defect': 0, idiom: 0, 'safer-by-design': 0, 'python-defect': 0, upstream: 0 };
const on2 = { engineVersion: '2.0.0' };

it('counts each engine for itself, the fake with the pin', () => {
  const results = [
    cell({}),
    cell({ engine: 'fake' }),
    cell({ client: 'python' }),
    cell({ client: 'ts-exec', verdict: 'not-applicable' }),
    cell({ ...on2, verdict: 'known-difference', known: [{ id: 'x', difference: drift('x')[0] as Difference }] }),
    cell({ ...on2, scenario: 's/b', verdict: 'mismatch' }),
    cell({ ...on2, scenario: 's/c', verdict: 'could-not-run' }),
    cell({ ...on2, client: 'python', verdict: 'baseline', drift: drift('x') }),
  ];
  const engines = [
    { version: '1.0.0', sha256: 'a' },
    { version: '2.0.0', sha256: 'b' },
  ];
  const [pin, other] = engineFigures(engines, '1.0.0', results, () => 'idiom');
  expect(pin).toMatchObject({ version: '1.0.0', sha256: 'a', verdicts: { match: 3, notApplicable: 1, mismatch: 0 } });
  expect(pin?.ours).toEqual({ ts: { compared: 2, equal: 2, known: 0, knownBy: none, baseline: 0, onRealEngine: 1 } });
  expect(pin).not.toHaveProperty('drift');
  expect(other?.verdicts).toMatchObject({ match: 0, knownDifference: 1, mismatch: 1, baseline: 1, couldNotRun: 1 });
  expect(other?.ours).toEqual({
    ts: { compared: 2, equal: 0, known: 1, knownBy: { ...none, idiom: 1 }, baseline: 0, onRealEngine: 2 },
  });
  expect(other?.drift).toMatchObject({ compared: 1, drifted: 1 });
});
