import { expect, test } from 'vitest';
import { completed, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';
import { failureOf, hasFailed, isBusy, mayRunElsewhere, saysOverloaded } from './engine-words.ts';

test.each([
  ['failed', null, true],
  ['failed', undefined, true],
  ['completed', { message: 'x' }, false],
  ['interrupted', { message: 'x' }, false],
  ['inProgress', { message: 'x' }, false],
  ['expired', { message: 'x' }, true],
  ['expired', null, false],
])('a turn with the status %s and the error %j has failed: %s', (status, error, expected) => {
  expect(hasFailed(status, error)).toBe(expected);
});

test.each([
  [{ type: 'idle' }, false],
  [{ type: 'active', activeFlags: [] }, true],
  [{ type: 'notLoaded' }, true],
  [{ type: 'systemError' }, true],
  [{ type: 'dozing' }, false],
  ['idle', true],
  [undefined, true],
])('a thread with the status %j is busy: %s', (status, expected) => expect(isBusy(status)).toBe(expected));

test.each([
  ['inline', false],
  [undefined, false],
  [null, false],
  ['detached', true],
  ['a later delivery', true],
])('a review with the delivery %j may run on another thread: %s', (delivery, expected) => {
  expect(mayRunElsewhere(delivery)).toBe(expected);
});

test.each([
  ['server_overloaded', true],
  ['SERVER_OVERLOADED', true],
  ['serverOverloaded', true],
  ['model-overload', true],
  ['overloading', false],
  ['the server is overloaded', false],
  ['', false],
])('%j says overloaded: %s', (word, expected) => expect(saysOverloaded(word)).toBe(expected));

test.each([
  [{ type: 'turn.failed', error: { message: 'x' } }, 'x'],
  [{ type: 'turn.expired', error: { message: 'x' } }, 'x'],
  [{ type: 'turn.expired', error: 'x' }, undefined],
  [{ type: 'turn.expired' }, undefined],
  [{ type: 'turn.completed', error: { message: 'x' } }, undefined],
  [{ type: 'turn.started', error: { message: 'x' } }, undefined],
  [{ type: 'item.expired', error: { message: 'x' } }, undefined],
])('of the event %j the turn failed because of %j', (event, message) => expect(failureOf(event)).toBe(message));

test('events, items and deltas of a later engine are passed on, and change no result', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const other = await thread.attach('t');
  const hologram = {
    method: 'item/completed',
    params: { threadId: 'th', turnId: 't', item: { type: 'hologram', depth: 3 } },
  };
  const later = { method: 'turn/dreamt', params: { threadId: 'th', turnId: 't', of: 'sheep' } };
  for (const message of [item('said'), later, hologram, completed()]) engine.send(message);
  expect(await handle.run()).toMatchObject({ finalResponse: 'said', items: [{ text: 'said' }, hologram.params.item] });
  const events: unknown[] = [];
  for await (const event of other.stream()) events.push(event);
  expect(events.slice(1, 3)).toEqual([
    { method: later.method, payload: later.params, known: false },
    { method: hologram.method, payload: hologram.params, known: true },
  ]);
});
