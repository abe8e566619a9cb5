import { expect, test } from 'vitest';
import type { Difference } from '../../compare/compare.ts';
import type { Explored, Play } from '../types.ts';
import { judgeCase } from './judge-case.ts';

const play = (client: Play['client'], more: Partial<Play> = {}): Play => ({
  ...{ client, unexplained: [], known: [], digest: '' },
  ...more,
});
const difference = (ch: Difference['ch'], kind: Difference['kind'] = 'changed', actual = 'ours'): Difference => ({
  ...{ kind, ch, lane: 'user/t', key: 't.run', path: `${ch}:t.run`, actual },
});
const explored = (...plays: Play[]): Explored => ({ verdict: 'different', plays, findings: [] });
const ours = (more: Partial<Play>) =>
  judgeCase(explored(play('python'), play('python-async'), play('ts', more)), 'lost');

test('a client that does the same is the same, and one whose difference is known says by which entry', () => {
  expect(ours({})).toEqual({ verdict: 'same', known: [] });
  expect(ours({ known: ['a'] })).toEqual({ verdict: 'known', known: ['a'] });
});

test('what the user gets, how the engine ends and what else is sent is an outcome; what the fake says about it is none', () => {
  for (const ch of ['result', 'error', 'event', 'end', 'exit', 'hang', 'call'] as const)
    expect(ours({ unexplained: [difference(ch)] })).toMatchObject({
      verdict: 'different',
      what: `changed ${ch}:t.run`,
    });
  expect(ours({ unexplained: [difference('wire.out', 'extra')] }).verdict).toBe('different');
  expect(
    ours({ unexplained: [difference('wire.in'), difference('mark'), difference('wire.out', 'missing')] }).verdict,
  ).toBe('same');
});

test('where two official clients differ, ours may do as either', () => {
  const all = (its: Difference) =>
    judgeCase(
      explored(
        play('python'),
        play('python-async', { unexplained: [its] }),
        play('ts', { unexplained: [difference('error')] }),
      ),
      'lost',
    ).verdict;
  expect(all(difference('error'))).toBe('as-another');
  expect(all(difference('error', 'changed', 'another'))).toBe('different');
});

test('an error that nobody catches and what is left behind are wrong whatever the others do', () => {
  expect(ours({ crashed: true, failure: 'boom' }).what).toBe('nobody catches an error: boom');
  expect(ours({ left: { processes: ['engine'], files: ['a'] } }).what).toBe('left behind: engine, a');
  const alone = judgeCase(explored(play('ts', { left: { processes: [], files: ['a'] } })), 'lost');
  expect(alone).toMatchObject({ verdict: 'different', what: 'left behind: a' });
});

test('waiting for an engine that is gone is wrong even where Python waits; for one that is silent it is not', () => {
  const waits = (hang: string, fault: 'killed' | 'silence') =>
    judgeCase(explored(play('python', { hang }), play('ts', { hang })), fault).verdict;
  expect(waits('t.run (step 1)', 'killed')).toBe('different');
  expect(waits('t.run (step 1)', 'silence')).toBe('same');
  // The driver waits there, and not the client.
  expect(waits('events.await (step 1)', 'killed')).toBe('same');
  expect(waits('control.await-model (step 1)', 'killed')).toBe('same');
});

test('a run that proves nothing is told as such', () => {
  const plays = [play('python'), play('ts')];
  expect(judgeCase({ verdict: 'unsteady', plays, findings: [] }, 'lost').verdict).toBe('unsteady');
  expect(judgeCase(explored(play('python', { failure: 'no driver' }), play('ts')), 'lost')).toMatchObject({
    verdict: 'could-not-run',
    what: 'python: no driver',
  });
  expect(judgeCase(explored(play('ts')), 'lost').verdict).toBe('alone');
});
