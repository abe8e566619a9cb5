import { expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult, Verdict } from '../cell/types.ts';
import { clientIds, type GuestId } from '../clients/clients.ts';
import { platformFigures, runScope } from './summary.ts';

const scenarios = ['a/a', 'b/b'];

/** Every cell of the whole. */
const whole = (verdict: Verdict = 'match', over: Partial<CellResult> = {}): CellResult[] =>
  scenarios.flatMap((scenario) =>
    clientIds.flatMap((client) =>
      (['real', 'fake'] as const).map((engine) => sampleCell({ scenario, client, engine, verdict, ...over })),
    ),
  );

test('a platform that nobody ran is not run, whatever the others say', () => {
  const figures = platformFigures(new Map([['linux', whole()]]), scenarios);
  expect(figures).toEqual([
    { platform: 'linux', status: 'passed', scope: { whole: true }, passed: 28, failed: 0 },
    { platform: 'darwin', status: 'not run' },
    { platform: 'win32', status: 'not run' },
  ]);
});

test('what was not judged is no run, and what was left out no pass', () => {
  const statusOf = (results: CellResult[]) =>
    platformFigures(new Map([['freebsd', results]]), scenarios).at(-1)?.status;
  expect(statusOf(whole('not-applicable'))).toBe('not run');
  expect(statusOf(whole().slice(1))).toBe('part');
  expect(statusOf([...whole().slice(1), ...whole('mismatch').slice(0, 1)])).toBe('failed');
  expect(statusOf(whole())).toBe('passed');
});

test('a part says what was left out of it', () => {
  const partOf = (results: CellResult[]) => runScope(results, scenarios).part;
  expect(partOf(whole())).toBeUndefined();
  expect(partOf(whole().filter(({ scenario }) => scenario === 'a/a'))).toBe('1 of 2 scenarios');
  expect(partOf(whole().filter(({ client }) => !client.startsWith('python')))).toBe(
    'without python, python-async, python-exec',
  );
  expect(partOf(whole().filter(({ engine }) => engine === 'fake'))).toBe('without the real engine');
  expect(partOf(whole().slice(1))).toBe('27 of 28 cells');
  expect(partOf([...whole(), ...whole('match', { round: 2 })])).toBe('56 results of 28 cells');
});

test('of two platforms each must be whole', () => {
  const other = whole('match', { platform: 'darwin' });
  expect(runScope([...whole(), ...other], scenarios)).toEqual({ whole: true });
  // A guest is beside the whole, and makes none.
  const guest = whole()
    .filter(({ client, engine }) => client === 'ts' && engine === 'fake')
    .map((cell) => ({ ...cell, client: 'go' as GuestId }));
  expect(runScope([...whole(), ...guest], scenarios)).toEqual({ whole: true });
  expect(runScope(guest, scenarios).part).toMatch(/^without python, .*ts-exec, the real engine$/);
  expect(runScope([...whole(), ...other.slice(1)], scenarios).part).toBe('55 of 56 cells');
});
