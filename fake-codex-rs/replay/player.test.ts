import { expect, test } from 'vitest';
import type { JsonValue } from '../exact-json.ts';
import { Bindings } from './bindings.ts';
import { cuesOfStarts } from './cues.ts';
import { Filler } from './fill.ts';
import type { GoldenLine } from './golden.ts';
import { Expectations } from './player.ts';

const line = (ch: string, msg: JsonValue, lane = 'out/-') => ({ ch, lane, key: 'x', body: { msg } });
const numbered = (lines: Omit<GoldenLine, 'number'>[]): GoldenLine[] =>
  lines.map((one, index) => ({ number: index + 2, ...one }));

function expecting(...lines: Omit<GoldenLine, 'number'>[]) {
  const golden = numbered(lines);
  const bindings = new Bindings(golden, 'seed', 0);
  const cues = cuesOfStarts(golden).flat();
  const expectations = new Expectations(
    cues.filter((cue) => cue.kind === 'hear'),
    bindings,
  );
  const facts = {
    paths: {},
    engineVersion: '',
    moment: 0,
    port: '1',
    clientName: '',
    clientTitle: '',
    clientVersion: '',
    processId: '',
  };
  const filler = new Filler(bindings, facts);
  const take = (message: JsonValue) => {
    const heard = expectations.take(message);
    return heard && [heard.cue.number, ...heard.differences.map(({ path }) => path)];
  };
  return { take, filler, bindings };
}
const start = (n: number, cwd: string) =>
  line('wire.out', { id: `<request:${n}>`, method: 'thread/start', params: { cwd } });

test('two threads started at once: each message goes where it differs least', () => {
  const { take, filler } = expecting(start(1, 'a'), start(2, 'b'));
  expect(take({ id: 7, method: 'thread/start', params: { cwd: 'b' } })).toEqual([3]);
  expect(take({ id: 8, method: 'thread/start', params: { cwd: 'c' } })).toEqual([2, '/params/cwd']);
  expect(filler.fill({ id: '<request:2>' })).toEqual({ id: 7 });
});

test('within a thread the recorded order counts, so that no later line swallows an earlier message', () => {
  const turn = (n: number, text: string) =>
    line(
      'wire.out',
      { id: `<request:${n}>`, method: 'turn/start', params: { threadId: '<thread:1>', text } },
      'out/<thread:1>',
    );
  const { take, bindings } = expecting(
    line('wire.in', { params: { threadId: '<thread:1>' } }),
    turn(1, 'a'),
    turn(2, 'b'),
  );
  const threadId = bindings.value('<thread:1>');
  expect(take({ id: 1, method: 'turn/start', params: { threadId, text: 'b' } })).toEqual([3, '/params/text']);
});

test("the engine's ids are settled from the start; the client's are taken from it and hold from then on", () => {
  const ask = (n: number) =>
    line('wire.out', { id: `<request:${n}>`, method: 'm', params: { threadId: '<thread:1>' } });
  const { take, filler } = expecting(ask(1), ask(2), line('wire.in', { params: { turnId: '<turn:1.1>' } }));
  expect(take({ id: 1, method: 'm', params: { threadId: 'mine' } })).toEqual([2]);
  expect(take({ id: 2, method: 'm', params: { threadId: 'other' } })).toBeUndefined();
  expect(filler.fill('<codexHome>/rollout-<thread:1>.jsonl')).toBe('<codexHome>/rollout-mine.jsonl');
  const turn = filler.fill('<turn:1.1>');
  expect(turn).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(filler.fill('<turn:1.1>')).toBe(turn);
});

test('an answer goes to the request that was sent, never to one that was not', () => {
  const answer = (n: number) => line('wire.out', { id: `<server-request:${n}>`, result: {} });
  const { take, filler } = expecting(answer(2), answer(1));
  expect(take({ id: 0, result: {} })).toBeUndefined();
  expect([filler.fill('<server-request:1>'), filler.fill('<server-request:2>')]).toEqual([0, 1]);
  expect(take({ id: 0, error: {} })).toEqual([3, '/result', '/error']);
  expect(take({ id: 1, result: {} })).toEqual([2]);
});
