import { expect, test } from 'vitest';
import type { ObservationBody } from '../observation/types.ts';
import { exercised } from './covers.ts';

const seen = (...lines: ObservationBody[]) => [...exercised(lines.map((line, t) => ({ t, ...line })))].sort();

test('methods of both directions and items are exercised; of a run of exec, its types', () => {
  const item = { type: 'agentMessage' };
  expect(
    seen(
      { ch: 'wire.out', msg: { id: 1, method: 'turn/start', params: {} } },
      { ch: 'wire.in', msg: { method: 'item/completed', params: { item } } },
      { ch: 'event', lane: 'h', method: 'turn/completed', payload: {}, known: true },
      { ch: 'wire.in', raw: '{"method":"x"}' },
    ),
  ).toEqual(['item/completed', 'item:agentMessage', 'turn/start']);
  expect(seen({ ch: 'wire.in', msg: { type: 'item.completed', method: 'x', item }, run: 1 })).toEqual([
    'item.completed',
    'item:agentMessage',
  ]);
});
