import { expect, test } from 'vitest';
import type { Subject } from './baseline.ts';
import type { Judges } from './judge-run.ts';
import { candidatesFor, tryMutant } from './try-mutant.ts';
import type { WorkDone } from './types.ts';
import type { MutationWorker } from './worker-process.ts';

const subject = (id: string, client: 'ts', durationMs: number, ...reached: string[]): Subject => ({
  plan: { client, engine: 'fake', round: 1, scenario: { id } } as Subject['plan'],
  golden: { lines: [] } as unknown as Subject['golden'],
  outcome: 'match',
  durationMs,
  reached: Object.fromEntries(reached.map((mutant) => [mutant, 1])),
});
const subjects = [
  subject('cheap', 'ts', 10, '1'),
  subject('about-it', 'ts', 30, '1', '2', '3'),
  subject('its-file', 'ts', 90, '2'),
  subject('elsewhere', 'ts', 5),
];
const mutant = { id: '1', file: 'sdk/rpc/a.ts', line: 1, column: 1, mutator: 'x', original: '', replacement: '' };
const ids = (atLoading: string[] = []) =>
  candidatesFor(mutant, { subjects, static: new Set(atLoading) }, ['1', '2', '3']).map(({ plan }) => plan.scenario.id);

test('only what reaches a mutant can notice it, what is about its file first', () => {
  expect(ids()).toEqual(['about-it', 'cheap']);
});

test('what is reached at loading may show wherever its file is reached', () => {
  expect(ids(['1'])).toEqual(['about-it', 'cheap', 'its-file']);
});

test('what few others reach of the file tells more than what all reach', () => {
  const common = ['1', '2', '3'];
  const all = Array.from({ length: 8 }, (_, at) => subject(`common-${at}`, 'ts', 10, ...common));
  const rare = subject('rare', 'ts', 20, '1', '4', '5');
  const found = candidatesFor(mutant, { subjects: [...all, rare], static: new Set() }, [...common, '4', '5']);
  expect(found[0]?.plan.scenario.id).toBe('rare');
});

type Failed = Pick<WorkDone, 'failure' | 'failedBy'>;
const died: Failed = { failure: 'died', failedBy: 'client' };
/** No run of this worker comes to an observation: a cell of which that is nothing new does not notice it. */
const failing = (...runs: Failed[]) => {
  const perform = async () => ({ ...(runs.length > 1 ? runs.shift() : runs[0]), endless: false, tainted: false });
  return { perform } as unknown as MutationWorker;
};
const attempt = (alone: boolean, ...outcomes: [id: string, outcome: string][]) =>
  attemptWith(failing(died), alone, ...outcomes);
const attemptWith = (worker: MutationWorker, alone: boolean, ...outcomes: [id: string, outcome: string][]) => {
  const candidates = outcomes.map(([id, outcome]) => {
    const one = subject(id, 'ts', 1, '1');
    const expandedFrom = id.includes('/') ? id.split('/')[0] : undefined;
    return { ...one, outcome, plan: { ...one.plan, scenario: { id, expandedFrom } } as Subject['plan'] };
  });
  return tryMutant(mutant, candidates, worker, {} as Judges, alone);
};
const [notices, passes] = ['match', 'could-not-run'];

test('the first scenario that notices ends the search', async () => {
  expect(await attempt(false, ['a', passes], ['b', notices], ['c', notices])).toMatchObject({
    status: 'killed',
    killer: 'b',
    because: 'died',
  });
  expect(await attempt(false, ['a', passes])).toMatchObject({ status: 'survived' });
});

test('a mutant is tried for a quarter of a minute, and in one scenario at least', async () => {
  const long = (id: string, outcome: string) => ({ ...subject(id, 'ts', 8000, '1'), outcome });
  const run = (...candidates: Subject[]) => tryMutant(mutant, candidates, failing(died), {} as Judges);
  expect(await run(long('a', passes), long('b', notices))).toMatchObject({ status: 'survived' });
  expect(await run({ ...long('a', notices), durationMs: 60_000 })).toMatchObject({ status: 'killed' });
});

test('what one file alone notices is told from what others notice too; cases of a matrix are one file', async () => {
  expect(await attempt(true, ['m/a', notices], ['m/b', notices], ['c', passes])).toMatchObject({
    killer: 'm/a',
    alone: true,
  });
  expect(await attempt(true, ['m/a', notices], ['c', notices])).toMatchObject({ killer: 'm/a', alone: false });
  expect(await attempt(true, ['a', passes])).toMatchObject({ status: 'survived' });
});

test('a failure of the harness is no kill; a client that ends its process twice is', async () => {
  const broken: Failed = { failure: 'no port', failedBy: 'harness' };
  expect(await attemptWith(failing(broken), false, ['a', notices])).toMatchObject({
    status: 'survived',
    failures: ['a: no port'],
  });
  expect(await attemptWith(failing(died, broken), false, ['a', notices])).toMatchObject({ status: 'survived' });
  expect(await attemptWith(failing(broken, broken, died), false, ['a', notices], ['b', notices])).toMatchObject({
    status: 'killed',
    killer: 'b',
    failures: ['a: no port'],
  });
});
