import { expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import type { GuestId } from '../clients/clients.ts';
import type { LedgerKind } from '../verdict/ledger-kinds.ts';
import { describeOurs, headlineOf } from './headline.ts';
import { countBaselines, figuresOfGuests, figuresOfOurs, figuresOfReferences, sharesOfOurs } from './our-figures.ts';

const difference = { kind: 'changed' as const, lane: 'l', ch: 'event' as const, key: 'k', path: 'p' };
/** A cell of ours that entries of these kinds explain; an entry is named after its kind. */
const known = (...kinds: LedgerKind[]): Partial<CellResult> => ({
  verdict: 'known-difference',
  known: kinds.map((id) => ({ id, difference })),
});
const cells = (...overs: Partial<CellResult>[]) => overs.map(sampleCell);
const kindOf = (id: string) => id as LedgerKind;

test('each known difference counts once, by the kind that says most against us', () => {
  const { ts } = figuresOfOurs(
    cells(known('upstream', 'idiom'), known('upstream', 'python-defect'), known('safer-by-design'), known('ts-defect')),
    kindOf,
  );
  expect(ts?.known).toBe(4);
  expect(ts?.knownBy).toEqual({
    'ts-defect': 1,
    idiom: 1,
    'safer-by-design': 1,
    'python-defect': 1,
    upstream: 0,
  });
});

test('the goal counts our clients alone, idioms and defects of ours against it, what is not ours not at all', () => {
  const others = cells(...Array(50).fill({ client: 'python' }));
  const ours = [...cells({}, {}, {}), ...cells(known('idiom'), known('upstream'), known('python-defect'))];
  expect(sharesOfOurs(figuresOfOurs([...others, ...ours], kindOf))).toEqual({
    matchBeforeLedger: 0.5,
    matchForGoal: 0.75,
  });
  const worse = figuresOfOurs([...ours, ...cells({ verdict: 'mismatch' })], kindOf);
  expect(sharesOfOurs(worse)).toEqual({ matchBeforeLedger: 0.4285, matchForGoal: 0.6 });
  expect(sharesOfOurs(figuresOfOurs(others, kindOf))).toEqual({ matchBeforeLedger: 0, matchForGoal: 0 });
});

test('what no official client did is a baseline, also where it fails, and no part of what was compared', () => {
  const all = cells(
    { verdict: 'baseline', baseline: true },
    { verdict: 'mismatch', baseline: true },
    { client: 'bare', verdict: 'baseline', baseline: true },
    { engine: 'fake' },
    { verdict: 'could-not-run' },
    { verdict: 'not-applicable' },
  );
  expect(figuresOfOurs(all, kindOf).ts).toMatchObject({ compared: 1, equal: 1, baseline: 2, onRealEngine: 0 });
  expect(figuresOfReferences(all)).toEqual({ compared: 0, equal: 0, known: 0, onRealEngine: 0, drifted: 0 });
  expect(countBaselines(all)).toBe(3);
});

test('on another engine, a reference that drifts from its recording is no baseline and is told', () => {
  const there = { client: 'python' as const, engineVersion: '2.0.0', reference: 'python' as const };
  const all = cells(
    { ...there, verdict: 'baseline', drift: [difference] },
    { ...there, verdict: 'match', drift: [] },
    // Without a golden it is compared with nothing.
    { ...there, verdict: 'baseline', drift: [] },
  );
  expect(figuresOfReferences(all)).toEqual({ compared: 2, equal: 1, known: 0, onRealEngine: 2, drifted: 1 });
  expect(countBaselines(all)).toBe(0);
});

test('a run leads with ours, then the references, then baselines, each named as what it is', () => {
  const all = cells(
    {},
    { engine: 'fake', ...known('upstream') },
    { client: 'python' },
    { client: 'bare', verdict: 'baseline' },
  );
  const ours = figuresOfOurs(all, kindOf);
  const summary = {
    ...{ ours, references: figuresOfReferences(all), baselines: countBaselines(all) },
    ...sharesOfOurs(ours),
  };
  expect(headlineOf(summary)).toEqual({
    ours: [
      {
        client: 'ts',
        text: '2 compared, 1 equal, 1 known difference (1 not ours, or safer on purpose), 1 of the 2 on the real engine',
      },
    ],
    shares: '50 % of ours match before the ledger, 100 % without what is not ours or safer on purpose',
    references: '1 compared, 1 equal, 0 known differences, 1 of the 1 on the real engine',
    baselines: '1 cell, compared with recordings that no official client made',
  });
  const guests = figuresOfGuests(cells({ client: 'go' as GuestId }), kindOf);
  expect(headlineOf({ ...summary, ours: {}, guests })).toMatchObject({
    ours: [{ client: 'go' }],
    baselines: expect.any(String),
  });
  expect(headlineOf({ ...summary, ours: {}, guests })).not.toHaveProperty('shares');
  const different = figuresOfOurs(cells({ verdict: 'mismatch' }), kindOf).ts;
  expect(different && describeOurs(different)).toContain('1 compared, 0 equal, 1 different, 0 known differences');
});
