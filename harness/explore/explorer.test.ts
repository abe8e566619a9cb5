import { expect, test } from 'vitest';
import type { Difference } from '../compare/compare.ts';
import { playedTwice } from './explorer.ts';
import type { Play } from './types.ts';

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
