import { expect, test } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import { findingsBetween } from './findings.ts';
import { refusalsIn } from './refusals.ts';
import { answered, asked, observationOf } from './test-fixtures/observation.ts';

type Line = Parameters<typeof observationOf>[number];
const call = (end: object, answer: Line = answered(1, {})) =>
  normalise(observationOf(asked(1, 'a/b'), answer, { lane: 'result', op: 't.run', ...end } as unknown as Line));
const returned = call({ ch: 'result', value: {} });
const unread = { ch: 'error', error: { class: 'ValidationError', message: '1 validation error for Thread' } };
const between = (scenario: string, after: typeof returned) => ({
  ...{ scenario, client: 'python' as const, lines: 1 },
  findings: findingsBetween(returned, after),
});

test('an SDK that cannot read the new engine in most scenarios is told, with its words', () => {
  const seen = refusalsIn([between('a', call(unread)), between('b', call(unread)), between('c', returned)]);
  expect(seen).toMatchObject({ refused: 2, of: 3, scenario: 'a', words: expect.stringContaining('validation error') });
});

test('in a few scenarios, that is a change like any other', () => {
  expect(refusalsIn([between('a', call(unread)), between('b', returned)])).toBeUndefined();
});

test('a call that the engine refuses is the engine’s change', () => {
  const refused = call(unread, { ch: 'wire.in', msg: { id: 1, error: { code: -1, message: 'no' } } });
  expect(refusalsIn([between('a', refused)])).toBeUndefined();
});
