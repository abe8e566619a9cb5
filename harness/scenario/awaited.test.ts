import { expect, test } from 'vitest';
import type { ObservationLine } from '../observation/types.ts';
import { withAwaited } from './awaited.ts';
import type { Step } from './types.ts';

const steps: Step[] = [
  { call: 'codex.thread_start', as: 't' },
  { call: 'codex.notifications', as: 'all' },
  { start: 't.stream', as: 'events' },
  { await: 'events', match: { method: 'item/completed', 'item.type': 'plan' }, times: 2 },
  { await: 'events', match: { delta: 'lo' } },
  { 'await-wire': 'turn/started', match: { threadId: 'a', n: 1 } },
  { 'await-model': 2 },
  { 'await-exit': 'engine' },
  { next: 'all' },
  { join: 'events' },
  { cancel: 'events' },
  { release: 'go' },
  { kill: 'engine' },
];

const hang = (step: number): ObservationLine => ({ t: 1, ch: 'hang', lane: 'main', op: 'x', step });
const awaited = (index: number) => {
  const [line] = withAwaited([hang(index)], { steps }) as [ObservationLine];
  return 'awaited' in line ? line.awaited : undefined;
};

test('a step says what it waits for; one that calls, asks or opens waits for nothing else', () => {
  expect(steps.map((_, index) => awaited(index))).toEqual([
    undefined,
    undefined,
    undefined,
    'item/completed of t.stream where item.type is "plan", 2 times',
    'an event of t.stream where delta is "lo"',
    'turn/started on the wire where threadId is "a" and n is 1',
    'request 2 to the model',
    'the end of the engine',
    'the next event of codex.notifications',
    'the end of t.stream',
    'the end of t.stream',
    undefined,
    undefined,
  ]);
  expect(awaited(-1)).toBeUndefined();
  const end: ObservationLine = { t: 2, ch: 'end', lane: 'events', op: 't.stream' };
  expect(withAwaited([end, hang(11)], { steps })).toEqual([end, hang(11)]);
});
