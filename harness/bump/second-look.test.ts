import { expect, test } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import type { Observation } from '../observation/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { findingsBetween } from './findings.ts';
import { foldFindings } from './fold-findings.ts';
import { lookAgain } from './second-look.ts';
import { answered, asked, logged, observationOf, told } from './test-fixtures/observation.ts';

const scenario = { id: 'a/seed' } as LoadedScenario;

/** What is said of a step on which one scenario was observed twice on each side. */
async function looked(before: [Observation, Observation], after: [Observation, Observation]) {
  const pair = { scenario, client: 'bare' as const, before: normalise(before[0]), after: normalise(after[0]) };
  const findings = findingsBetween(pair.before, pair.after);
  const folded = foldFindings([{ scenario: scenario.id, client: 'bare', lines: 1, findings }], 'engine');
  const notes: string[] = [];
  const seen = await lookAgain(
    {
      ...{ blame: 'engine', jobs: 1, signal: new AbortController().signal, note: (line) => void notes.push(line) },
      observe: async (side) => (side === 'before' ? before : after),
    },
    [pair],
    folded,
  );
  const say = (of: typeof seen.changes) => of.map(({ what, place }) => `${what} ${place}`);
  return { changes: say(seen.changes), unsteady: say(seen.unsteady), notes };
}

const says = (status: string, ...more: Parameters<typeof observationOf>) =>
  observationOf(told('thing/changed', { status }), ...more);
const twice = (one: Observation): [Observation, Observation] => [one, one];

test('what differs both times is a change', async () => {
  const seen = await looked(twice(says('old')), twice(says('new')));
  expect(seen).toEqual({
    changes: ['value-changed wire.in thing/changed status'],
    unsteady: [],
    notes: [expect.stringContaining('looking again: 100 % (1 of 1')],
  });
});

test('what two observations of one engine show too is no change', async () => {
  const seen = await looked([says('old'), says('new')], [says('new'), says('old')]);
  expect(seen).toMatchObject({ changes: [], unsteady: ['value-changed wire.in thing/changed status'] });
});

test('what does not come again is no change', async () => {
  const seen = await looked(twice(says('old')), [says('new'), says('old')]);
  expect(seen).toMatchObject({ changes: [], unsteady: ['value-changed wire.in thing/changed status'] });
});

test('beside something of the same kind that is chance, the same values both times are a change', async () => {
  const both = (status: string, chance: string) => says(status, told('thing/changed', { status: chance }));
  const seen = await looked([both('old', 'a1'), both('old', 'b2')], [both('new', 'c3'), both('new', 'd4')]);
  expect(seen.changes).toEqual(['value-changed wire.in thing/changed status']);
});

const page = (place: number, ...more: Parameters<typeof observationOf>) =>
  observationOf(asked(1, 'thread/list'), answered(1, { nextCursor: JSON.stringify({ place }) }), ...more);

test('what a cursor holds and what the engine logs are looked at, though no golden keeps them', async () => {
  const seen = await looked(twice(page(1)), twice(page(2, logged('WARN core: old key'))));
  expect(seen.changes).toEqual([
    'line-added stderr WARN core: old key',
    'value-changed wire.in answer thread/list nextCursor.place',
  ]);
});

test('a cursor or a log that differs between two observations of one engine is no change', async () => {
  const seen = await looked([page(1), page(2)], [page(3, logged('WARN core: slow')), page(4)]);
  expect(seen).toMatchObject({ changes: [], unsteady: [] });
});

test('an engine against itself raises no alarm, whatever is chance in it', async () => {
  let next = 0;
  const chance = () => {
    next += 1;
    return page(next, logged(`WARN took ${next} ms`), told('thing/changed', { id: `n${next}` }));
  };
  expect((await looked([chance(), chance()], [chance(), chance()])).changes).toEqual([]);
});
