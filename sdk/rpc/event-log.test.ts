import { expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

test('an event that its only reader waits for is handed on, and kept by nothing', () => {
  const log = new EventLog<string>();
  const reader = log.read();
  const had: (string | undefined)[] = [];
  const waiter = {
    tell() {
      had.push(reader.take(), reader.take());
      reader.listen(waiter);
    },
  };
  reader.listen(waiter);
  for (const event of ['a', 'b']) {
    log.append(event);
    expect([log.retained, log.weight]).toEqual([0, 0]);
  }
  expect(had).toEqual(['a', undefined, 'b', undefined]);
  const later = log.read();
  const beside = log.read(reader);
  expect([log.count, reader.position, later.position, beside.position]).toEqual([2, 2, 2, 2]);
  log.append('c');
  expect([...had.slice(4), later.take(), beside.take()]).toEqual(['c', undefined, 'c', 'c']);
  expect(log.retained).toBe(0);
});

test('an event that is told and not taken is kept, once', () => {
  const log = new EventLog<string>();
  const reader = log.read();
  const told: number[] = [];
  reader.listen({ tell: () => void told.push(log.count) });
  log.append('a');
  log.append('b');
  expect([told, log.retained, reader.position]).toEqual([[1], 2, 0]);
  expect([reader.take(), reader.take(), reader.take()]).toEqual(['a', 'b', undefined]);
});

test('a reader that is closed while it waits takes nothing from another', () => {
  const log = new EventLog<string>();
  const [closed, other] = [log.read(), log.read()];
  closed.listen({ tell: () => void closed.take() });
  closed.close();
  log.append('a');
  expect(other.take()).toBe('a');
});
