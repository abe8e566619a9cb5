import { expect, test } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

const change = { source: 'contract', what: 'default-changed', place: 'TurnStartParams.effort' } as const;

test('a fingerprint stands for source, kind, place and detail, and outlives this program', () => {
  expect(fingerprintOf(change)).toBe('788878800811');
  expect(fingerprintOf(change, { before: { a: 1, b: 2 } })).toBe(fingerprintOf(change, { before: { b: 2, a: 1 } }));
  const others = [
    fingerprintOf({ ...change, source: 'surface' }),
    fingerprintOf({ ...change, what: 'limit-changed' }),
    fingerprintOf({ ...change, place: 'TurnStartParams.model' }),
    fingerprintOf(change, { before: 1 }),
    fingerprintOf(change, { before: 2 }),
  ];
  expect(new Set([...others, fingerprintOf(change)]).size).toBe(6);
});
