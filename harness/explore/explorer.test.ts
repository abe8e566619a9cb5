import { expect, test } from 'vitest';
import type { Difference } from '../compare/compare.ts';
import { confirmed, findingsOf, playedTwice } from './explorer.ts';
import type { ExploredScenario, Play } from './types.ts';

const play = (client: Play['client'], digest: string, ...paths: string[]): Play => ({
  ...{ client, digest, known: [] },
  unexplained: paths.map((path): Difference => ({ kind: 'extra', ch: 'error', lane: 'user/t', key: 't.run', path })),
});
const verdictOf = (first: Play[], second: Play[]) => playedTwice(first, second).verdict;
const differs = 'error:t.run';

test('what comes twice is a finding', () => {
  const plays = [play('python', 'a'), play('ts', 'b', differs)];
  expect(playedTwice(plays, plays)).toMatchObject({ verdict: 'different', findings: [{ what: `extra ${differs}` }] });
  const failed = [{ ...play('python', 'a'), failure: 'no Python' }, play('ts', 'b')];
  expect(verdictOf(failed, failed)).toBe('could-not-run');
});

test('ours that does once what an official client does once is the same; ours in two ways proves nothing', () => {
  const first = [play('python', 'a'), play('ts', 'b', differs)];
  expect(verdictOf(first, [play('python', 'c'), play('ts', 'b')])).toBe('same');
  expect(verdictOf(first, [play('python', 'c'), play('ts', 'b', differs)])).toBe('unsteady');
  expect(verdictOf(first, [play('python', 'a'), play('ts', 'd')])).toBe('unsteady');
});

test('ours that plays alone is played again where it hangs or leaves something: once proves nothing', () => {
  const hung: Play = { ...play('ts', 'a'), hang: 'listed.join (step 7)' };
  const left: Play = { ...play('ts', 'b'), left: { processes: ['codex'], files: [] } };
  expect(findingsOf([hung])).toMatchObject([{ client: 'ts', kind: 'hang', what: 'listed.join (step 7)' }]);
  expect(findingsOf([left])).toMatchObject([{ client: 'ts', kind: 'left', what: 'codex' }]);
  expect([verdictOf([hung], [play('ts', 'c')]), verdictOf([hung], [hung])]).toEqual(['unsteady', 'different']);
  // The engine falls silent on purpose.
  expect(findingsOf([hung], true)).toEqual([]);
  // A reference may do what it likes, with one of ours that has a bug beside it.
  expect(findingsOf([hung, play('ts', 'c')])).toEqual([]);
});

/** Plays a run that comes out as given, one time after the other; answers with the verdict and the time that each play had. */
async function confirmedFrom(...plays: Play[][]) {
  const deadlines: (number | undefined)[] = [];
  const { verdict } = await confirmed({ scenario: {} as ExploredScenario, players: [] }, async ({ deadlineMs }) => {
    deadlines.push(deadlineMs);
    return plays[deadlines.length - 1] as Play[];
  });
  return [verdict, deadlines];
}

test('a step that ended only once is given more time, and nothing else is', async () => {
  const ended = [play('python', 'a'), play('ts', 'b')];
  const hung: Play[] = [play('python', 'a'), { ...play('ts', 'c'), hang: 't.run (step 1)' }];
  const long = 10_000;
  expect(await confirmedFrom(ended)).toEqual(['same', [undefined]]);
  expect(await confirmedFrom(hung, hung)).toEqual(['different', [undefined, undefined]]);
  expect(await confirmedFrom(hung, ended, ended, ended)).toEqual(['same', [undefined, undefined, long, long]]);
  expect(await confirmedFrom(hung, ended, hung, hung)).toEqual(['different', [undefined, undefined, long, long]]);
  // It is no matter of time.
  expect(await confirmedFrom(hung, ended, hung, ended)).toEqual(['unsteady', [undefined, undefined, long, long]]);
  const differs = [play('python', 'a'), play('ts', 'd', 'error:t.run')];
  expect(await confirmedFrom(differs, ended)).toEqual(['unsteady', [undefined, undefined]]);
});
