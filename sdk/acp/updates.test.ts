import { expect, test } from 'vitest';
import type { Notification } from '../index.ts';
import { Updates } from './updates.ts';

const event = (method: string, payload: unknown) => ({ method, payload }) as Notification;
const told = (updates: Updates, ...events: Notification[]) => events.flatMap((one) => [...updates.take(one)]);
const chunk = (sessionUpdate: string, messageId: string, text: string) => ({
  ...{ sessionUpdate, messageId },
  content: { type: 'text', text },
});

test('texts come in pieces, and what the pieces left out comes with the item', () => {
  const updates = new Updates();
  expect(
    told(
      updates,
      event('item/reasoning/summaryTextDelta', { itemId: 'r', summaryIndex: 1, delta: 'why' }),
      event('item/reasoning/textDelta', { itemId: 'r', contentIndex: 0, delta: 'raw' }),
      event('item/completed', {
        item: { type: 'reasoning', id: 'r', summary: ['first', 'why not'], content: ['raw text', 7] },
      }),
      event('item/agentMessage/delta', { itemId: 'm', delta: 'Hel' }),
      event('item/agentMessage/delta', { itemId: 'm', delta: '' }),
      event('item/completed', { item: { type: 'agentMessage', id: 'm', text: 'Hello' } }),
    ),
  ).toEqual([
    chunk('agent_thought_chunk', 'r:summary:1', 'why'),
    chunk('agent_thought_chunk', 'r:text:0', 'raw'),
    chunk('agent_thought_chunk', 'r:summary:0', 'first'),
    chunk('agent_thought_chunk', 'r:summary:1', ' not'),
    chunk('agent_thought_chunk', 'r:text:0', ' text'),
    chunk('agent_message_chunk', 'm', 'Hel'),
    chunk('agent_message_chunk', 'm', 'lo'),
  ]);
  expect(told(updates, event('item/completed', { item: { type: 'reasoning', id: 'bare' } }))).toEqual([]);
});

test('the output of a command is told as a whole each time, and begins anew with another command', () => {
  const updates = new Updates();
  const delta = (itemId: string, text: string) => event('item/commandExecution/outputDelta', { itemId, delta: text });
  const outputs = told(updates, delta('c', 'one\n'), delta('c', 'two\n'), delta('d', 'else'));
  expect(outputs.map((update) => JSON.stringify(update).match(/one\\ntwo|one|else/)?.[0])).toEqual([
    'one',
    'one\\ntwo',
    'else',
  ]);
  // One that has ended has no output any more: its id may come again.
  const item = { type: 'commandExecution', id: 'c', command: 'ls', cwd: '/', status: 'completed', commandActions: [] };
  expect(JSON.stringify(told(updates, event('item/completed', { item }), delta('c', 'anew'))[1])).not.toContain('one');
  expect(outputs.map((update) => (update as { toolCallId: string }).toolCallId)).toEqual(['c', 'c', 'd']);
});

test('a call that began is updated, one that did not is told whole; what is no call begins nothing', () => {
  const item = { type: 'commandExecution', id: 'c', command: 'ls', cwd: '/', status: 'completed', commandActions: [] };
  const begun = event('item/started', { item });
  const done = event('item/completed', { item });
  const kinds = told(new Updates(), begun, done, done).map(({ sessionUpdate }) => sessionUpdate);
  expect(kinds).toEqual(['tool_call', 'tool_call_update', 'tool_call']);
  expect(told(new Updates(), event('item/started', { item: { type: 'agentMessage', id: 'm', text: '' } }))).toEqual([]);
  expect(told(new Updates(), event('item/completed', { item: { type: 'contextCompaction', id: 'x' } }))).toEqual([]);
});

test('an event without an item says nothing, and neither does what a client does not show', () => {
  const updates = new Updates();
  const nothing = [event('item/started', {}), event('item/completed', { item: null }), event('turn/started', {})];
  expect(told(updates, ...nothing)).toEqual([]);
  expect(told(updates, event('item/completed', { item: { type: 'userMessage', id: 'u', content: [] } }))).toEqual([]);
});

test('steps of a plan have the words of the client; a word that it lacks is pending', () => {
  const plan = ['completed', 'inProgress', 'pending', 'later'].map((status) => ({ step: status, status }));
  const [update] = told(new Updates(), event('turn/plan/updated', { plan }));
  expect((update as { entries: { status: string }[] }).entries.map(({ status }) => status)).toEqual([
    'completed',
    'in_progress',
    'pending',
    'pending',
  ]);
});

test('usage is told where the size of the window is known', () => {
  const usage = (modelContextWindow: number | null) =>
    event('thread/tokenUsage/updated', { tokenUsage: { last: { totalTokens: 7 }, modelContextWindow } });
  expect(told(new Updates(), usage(100), usage(null))).toEqual([{ sessionUpdate: 'usage_update', used: 7, size: 100 }]);
});

test('of the past, what the user said comes too, with a word for what is no text', () => {
  const content = [
    { type: 'text', text: 'look' },
    { type: 'image', url: 'data:' },
  ];
  const updates = new Updates();
  expect([...updates.past({ type: 'userMessage', id: 'u', content } as never)]).toEqual([
    chunk('user_message_chunk', 'u:0', 'look'),
    chunk('user_message_chunk', 'u:1', '[image]'),
  ]);
  expect([...updates.past({ type: 'agentMessage', id: 'm', text: 'hi' } as never)]).toEqual([
    chunk('agent_message_chunk', 'm', 'hi'),
  ]);
});
