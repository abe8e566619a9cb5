import { expect, test } from 'vitest';
import { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { Session } from './session.ts';

test('the late answer of an aborted start leaves nothing behind', async () => {
  const engine = new MemoryEngine();
  const session = new Session(engine.config);
  await Promise.all([session.initialize(), engine.greet()]);
  const controller = new AbortController();
  const start = session.startTurn('th', {}, { signal: controller.signal });
  const request = await engine.next();
  controller.abort();
  await expect(start).rejects.toMatchObject({ name: 'AbortError' });
  engine.notify('item/agentMessage/delta', { threadId: 'th', turnId: 't' });
  expect(session.turns.retained).toEqual({ turns: 1, events: 1 });
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  // The next start on this thread waits until the first is over.
  const next = session.startTurn('th', {}, {});
  const second = await engine.next();
  engine.send({ id: second.id, error: { code: -32600, message: 'no' } });
  await expect(next).rejects.toThrow('no');
  expect(session.turns.retained.events).toBe(0);
});
