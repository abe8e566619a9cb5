import { expect, test } from 'vitest';
import type { NormalisedLine } from '../../../../normalise/types.ts';
import { event, request, wireIn } from '../../../test-fixtures/sample-run.ts';
import { groupBy } from '../shared/group-by.ts';
import type { AlignedLane } from './align-lanes.ts';
import { linksOf } from './links.ts';

/** Lanes in which golden and client are alike. */
function lanesOf(lines: NormalisedLine[]): AlignedLane[] {
  return [...groupBy(lines, ({ lane }) => lane)].map(([lane, own]) => ({
    lane,
    different: 0,
    pairs: own.map((line, place) => {
      const side = { line, place };
      return { kind: 'equal', expected: side, actual: side, differences: [] };
    }),
  }));
}

const told = (lines: NormalisedLine[], lane: string, line: number) =>
  linksOf(lanesOf(lines), { lane, side: 'client', line }).map(({ says, to }) => `${says} ${to.lane} ${to.line}`);

const delta = (text: string) => wireIn({ method: 'delta', params: { text } }, 'delta');

test('of equal events the n-th is the n-th of the wire', () => {
  const lines = [delta('a'), delta('b'), delta('a'), ...['a', 'a', 'b'].map((text) => event('delta', { text }))];
  expect([1, 2, 3].map((line) => told(lines, 'user/events', line)[0])).toEqual([
    'said on the wire as in/<thread-1> 1',
    'said on the wire as in/<thread-1> 3',
    'said on the wire as in/<thread-1> 2',
  ]);
});

test('an event that shows something else than was said belongs to the message of its method', () => {
  const lines = [wireIn({ method: 'other', params: {} }, 'other'), delta('a'), event('delta', { text: 'A' })];
  expect(told(lines, 'user/events', 1)).toEqual(['said on the wire as in/<thread-1> 2']);
});

test('an event of exec is the line of its type', () => {
  const lines = [wireIn({ type: 'turn.started', n: 1 }, 'turn.started', 'in/run1'), event('turn.started', { n: 1 })];
  expect(told(lines, 'user/events', 1)).toEqual(['said on the wire as in/run1 1']);
});

test('a request of the engine is answered by the client, and shown to its handler', () => {
  const asked = wireIn({ id: '<server-request:1>', method: 'item/ask', params: { a: 1 } }, 'item/ask');
  const answer: NormalisedLine = {
    ...request('answer item/ask', {}),
    body: { msg: { id: '<server-request:1>', result: {} } },
  };
  const shown: NormalisedLine = {
    lane: 'request/<thread-1>',
    ch: 'request',
    key: 'item/ask',
    body: { method: 'item/ask', params: { a: 1 }, reply: {} },
  };
  const lines = [asked, shown, answer];
  expect(told(lines, 'in/<thread-1>', 1)).toEqual([
    'answered by out/<thread-1> 1',
    'shown to the user as request/<thread-1> 1',
  ]);
  expect(told(lines, 'out/<thread-1>', 1)).toEqual(['answers in/<thread-1> 1']);
});

test('a call has its outcome', () => {
  const line = (ch: 'call' | 'result' | 'error'): NormalisedLine => ({
    lane: 'user/t',
    ch,
    key: 't.turn',
    body: { op: 't.turn' },
  });
  const lines = [line('call'), line('result'), line('call'), line('error')];
  expect(told(lines, 'user/t', 3)).toEqual(['returned as user/t 4']);
  expect(told(lines, 'user/t', 2)).toEqual(['called as user/t 1']);
});
