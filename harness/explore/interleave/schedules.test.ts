import { expect, test } from 'vitest';
import type { NormalisedLine } from '../../normalise/types.ts';
import { seeded } from '../../proofs/sample.ts';
import type { Step } from '../../scenario/types.ts';
import { type Causality, causalityOf, isPossible } from './causality.ts';
import { distance, schedulesOf, shrunk } from './schedules.ts';

const thread = '<thread:1>';
const turn = '<turn:1.1>';
const sent = (id: number, method: string, params: object = {}): NormalisedLine =>
  line('wire.out', `out/${thread}`, method, {
    msg: { id: `<request:${id}>`, method, params: { threadId: thread, ...params } },
  });
const answered = (id: number, method: string, result: object = {}): NormalisedLine =>
  line('wire.in', `in/${thread}`, `answer ${method}`, { msg: { id: `<request:${id}>`, result } });
const told = (method: string, params: object): NormalisedLine =>
  line('wire.in', `in/${thread}`, method, { msg: { method, params: { threadId: thread, ...params } } });
const user = (ch: string, lane: string, op: string, more: object = {}): NormalisedLine =>
  line(ch, `user/${lane}`, op, { lane, op, ...more });
const line = (ch: string, lane: string, key: string, body: object) =>
  ({ ch, lane, key, body }) as unknown as NormalisedLine;

/** A turn, and a call while it runs. */
const lines: NormalisedLine[] = [
  user('call', 'h', 't.turn'),
  sent(1, 'turn/start'),
  answered(1, 'turn/start', { turn: { id: turn } }),
  user('result', 'h', 't.turn', { value: { $type: 'TurnHandle', id: turn } }),
  told('turn/started', { turn: { id: turn } }),
  user('call', 'n', 't.set_name'),
  sent(2, 'thread/name/set'),
  answered(2, 'thread/name/set'),
  user('result', 'n', 't.set_name', { value: {} }),
  told('turn/completed', { turn: { id: turn } }),
  user('result', 'r', 'h.run', { value: { $type: 'TurnResult', id: turn } }),
];
const steps: Step[] = [
  { call: 't.turn', as: 'h' },
  { start: 'h.run', as: 'r' },
  { call: 't.set_name', as: 'n' },
  { join: 'r' },
];
const causality = causalityOf(lines, steps);
const keys = (order: readonly number[]) => order.map((move) => lines[causality.moves[move] as number]?.key);

test('an answer may come after what its request has begun, and what is told after a later call', () => {
  const { schedules, all } = schedulesOf(causality, 100, seeded(1));
  expect(all).toBe(true);
  const orders = schedules.map(keys);
  expect(orders).toContainEqual([
    'turn/start',
    'turn/started',
    'answer turn/start',
    'thread/name/set',
    'answer thread/name/set',
    'turn/completed',
  ]);
  expect(orders).toContainEqual([
    'turn/start',
    'answer turn/start',
    'thread/name/set',
    'turn/started',
    'answer thread/name/set',
    'turn/completed',
  ]);
  for (const order of orders) {
    const at = (key: string) => order.indexOf(key);
    expect(at('answer turn/start')).toBeGreaterThan(at('turn/start'));
    // The call waits for it.
    expect(at('thread/name/set')).toBeGreaterThan(at('answer turn/start'));
    expect(at('turn/completed')).toBeGreaterThan(at('turn/started'));
    expect(at('turn/completed')).toBeGreaterThan(at('thread/name/set'));
  }
});

/** So many independent moves. */
const free = (count: number): Causality => ({
  moves: Array.from({ length: count }, (_, at) => at),
  after: Array.from({ length: count }, () => new Set<number>()),
});

test('all orders are tried if they are few, and a sample of the seed if they are many', () => {
  expect(schedulesOf(free(3), 5, seeded(1))).toMatchObject({ all: true, schedules: { length: 5 } });
  const many = schedulesOf(free(8), 50, seeded(1));
  expect(many).toMatchObject({ all: false, schedules: { length: 50 } });
  expect(new Set(many.schedules.map(String)).size).toBe(50);
  expect(schedulesOf(free(8), 50, seeded(1))).toEqual(many);
  expect(schedulesOf(free(8), 50, seeded(2))).not.toEqual(many);
  for (const order of schedulesOf(causality, 3, seeded(1)).schedules) expect(isPossible(causality, order)).toBe(true);
});

test('a failure shrinks to the one swap that makes it', async () => {
  // Fails where 5 comes before 2.
  const fails = async (order: readonly number[]) => order.indexOf(5) < order.indexOf(2);
  const order = await shrunk(free(8), [7, 5, 6, 3, 2, 1, 4, 0], fails);
  expect(order.indexOf(5)).toBeLessThan(order.indexOf(2));
  expect(distance(order)).toBeLessThanOrEqual(5);
  expect(order[0]).toBe(0);
  expect(order.at(-1)).toBe(7);
});
