import { expect, test } from 'vitest';
import type { CellPlan, CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import type { Observation } from '../observation/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { confirmOurs, findingsOf, type OurRuns } from './our-client.ts';
import { observationOf, told } from './test-fixtures/observation.ts';

const result = (...unexplained: Difference[]) => ({ unexplained }) as unknown as CellResult;
const odd: Difference = {
  ...{ kind: 'changed', lane: 'l', ch: 'result', key: 't.run', path: 'result:t.run/value/mood' },
  expected: 'calm',
  actual: 'odd',
};
const missing: Difference = { kind: 'missing', lane: 'l', ch: 'event', key: 'a/b', path: 'event:a/b', expected: {} };
const says = (mood: string, ...more: Parameters<typeof observationOf>) => observationOf(told('say', { mood }), ...more);

/** What is said where our client showed these differences, and the runs after that these. */
async function confirmed(over: Partial<OurRuns> = {}, shown = result(odd)) {
  const cell = {
    ...{
      scenario: { id: 'a/seed' } as LoadedScenario,
      reference: 'python' as const,
      plan: { client: 'ts' } as CellPlan,
    },
    findings: findingsOf(shown),
  };
  const seen = await confirmOurs([cell], {
    signal: new AbortController().signal,
    again: async () => shown,
    before: async () => result(),
    twice: async () => [says('calm'), says('calm')],
    ...over,
  });
  const say = (of: typeof seen.changes) => of.map(({ what, place }) => `${what} ${place}`);
  return { changes: say(seen.changes), unsteady: say(seen.unsteady), examples: seen.changes.map((one) => one.example) };
}

const told1 = 'value-changed result t.run mood';

test('what our client does unlike the reference, both times and not before, is told with the two values', async () => {
  expect(await confirmed()).toEqual({
    changes: [told1],
    unsteady: [],
    examples: [
      {
        ...{ scenario: 'a/seed', client: 'ts' },
        before: 'result t.run value.mood: "calm"',
        after: 'result t.run value.mood: "odd"',
      },
    ],
  });
});

test('what it did before the step too is no news', async () => {
  expect(await confirmed({ before: async () => result(odd) })).toMatchObject({ changes: [], unsteady: [] });
});

test('what does not come again is unsteady', async () => {
  expect(await confirmed({ again: async () => result() })).toMatchObject({ changes: [], unsteady: [told1] });
});

test.each<[string, 'ts' | 'python', readonly [Observation, Observation]]>([
  ['our client', 'ts', [says('calm'), observationOf(told('t.run', { mood: 'x' }))]],
  ['the reference', 'python', [says('calm', told('more', {})), says('calm')]],
])('where %s shows other lines in two runs, nothing of the scenario is told of ours', async (_, who, two) => {
  const twice: OurRuns['twice'] = async (_cell, client) => (client === who ? two : [says('calm'), says('calm')]);
  expect(await confirmed({ twice })).toMatchObject({ changes: [], unsteady: [told1] });
});

test('a value that is another one in two runs of the reference hides itself, and nothing else', async () => {
  const twice: OurRuns['twice'] = async (_cell, client) =>
    client === 'python' ? [says('calm'), says('glad')] : [says('calm'), says('calm')];
  const say: Difference = { ...odd, ch: 'wire.in', key: 'say', path: 'wire.in:say/msg/params/mood' };
  expect(await confirmed({ twice }, result(say, missing))).toMatchObject({
    changes: ['line-removed event a/b'],
    unsteady: ['value-changed wire.in say mood'],
  });
});
