import { expect, test } from 'vitest';
import type { Notification } from '../index.ts';
import { type StepOptions, StepParts } from './step-parts.ts';

const event = (method: string, payload: unknown) => ({ method, payload }) as Notification;
const completed = (item: unknown) => event('item/completed', { item });
const step = (options: Partial<StepOptions> = {}) =>
  new StepParts({
    ...{ programTools: new Set(['add']), json: false, withholdsAnswer: false, raw: false },
    metadata: { codex: {} },
    ...options,
  });

/** What the parts say, without what each of them carries. */
const told = (parts: StepParts, ...events: Notification[]) =>
  [...events.flatMap((one) => [...parts.take(one)]), ...parts.end()].map((part) => {
    const { type, id, delta } = part as { type: string; id?: string; delta?: string };
    return [type, id, delta].filter((one) => one !== undefined).join(' ');
  });

test('reasoning comes in pieces, and what the pieces left out comes with the item', () => {
  const item = { type: 'reasoning', id: 'r', summary: ['one two', 'more'], content: ['raw text'] };
  expect(
    told(
      step(),
      event('item/reasoning/summaryTextDelta', { itemId: 'r', summaryIndex: 0, delta: 'one ' }),
      event('item/reasoning/textDelta', { itemId: 'r', contentIndex: 0, delta: 'raw' }),
      event('item/reasoning/textDelta', { itemId: 'other', contentIndex: 0, delta: 'else' }),
      completed(item),
    ),
  ).toEqual([
    'reasoning-start r:summary:0',
    'reasoning-delta r:summary:0 one ',
    'reasoning-start r:text:0',
    'reasoning-delta r:text:0 raw',
    'reasoning-start other:text:0',
    'reasoning-delta other:text:0 else',
    'reasoning-delta r:summary:0 two',
    'reasoning-start r:summary:1',
    'reasoning-delta r:summary:1 more',
    'reasoning-delta r:text:0  text',
    'reasoning-end r:summary:0',
    'reasoning-end r:text:0',
    'reasoning-end r:summary:1',
    'reasoning-end other:text:0',
  ]);
});

test('reasoning without texts, and a text that is none, say nothing', () => {
  expect(told(step(), completed({ type: 'reasoning', id: 'r' }))).toEqual([]);
  expect(told(step(), completed({ type: 'reasoning', id: 'r', summary: [7], content: [null] }))).toEqual([]);
});

test('a text that does not go on from its pieces is not told twice', () => {
  const delta = event('item/agentMessage/delta', { itemId: 'm', delta: 'Hello' });
  const message = completed({ type: 'agentMessage', id: 'm', text: 'Goodbye' });
  expect(told(step(), delta, message)).toEqual(['text-start m', 'text-delta m Hello', 'text-end m']);
  const piece = event('item/reasoning/textDelta', { itemId: 'r', contentIndex: 0, delta: 'a' });
  const other = completed({ type: 'reasoning', id: 'r', content: ['b'] });
  expect(told(step(), piece, other)).toEqual([
    'reasoning-start r:text:0',
    'reasoning-delta r:text:0 a',
    'reasoning-end r:text:0',
  ]);
});

test('a step whose answer is JSON tells what is said on the way as reasoning', () => {
  const message = (phase: string | null) => completed({ type: 'agentMessage', id: 'm', text: 'x', phase });
  const kinds = (phase: string | null, json: boolean) => told(step({ json }), message(phase))[0];
  expect(kinds('commentary', true)).toBe('reasoning-start m');
  expect(kinds('final_answer', true)).toBe('text-start m');
  expect(kinds(null, true)).toBe('text-start m');
  expect(kinds('commentary', false)).toBe('text-start m');
});

test('an answer that is withheld has no parts, whether it comes in pieces or whole', () => {
  const withheld = { withholdsAnswer: true };
  expect(told(step(withheld), event('item/agentMessage/delta', { itemId: 'm', delta: 'x' }))).toEqual([]);
  const begun = event('item/started', { item: { type: 'agentMessage', id: 'm', text: '' } });
  expect(told(step(withheld), begun, completed({ type: 'agentMessage', id: 'm', text: 'x' }))).toEqual([]);
});

test('events without an item, and items that are no tool, say nothing', () => {
  expect(told(step(), event('item/started', {}), event('item/completed', { item: null }))).toEqual([]);
  expect(told(step(), completed({ type: 'contextCompaction', id: 'c' }))).toEqual([]);
  expect(told(step(), event('item/agentMessage/delta', { itemId: 'm', delta: '' }))).toEqual([]);
});

test('a call of a tool of the program is whole once the engine hands it over; one without arguments has none', () => {
  const parts = step();
  expect(parts.tellsWhole).toBe(false);
  const raw = (item: object) => event('rawResponseItem/completed', { item });
  const rest = [...parts.take(raw({ type: 'function_call', name: 'add', call_id: 'c' }))];
  expect(rest).toEqual([]);
  expect([...parts.take(raw({ type: 'function_call', name: 'shell', call_id: 'd' }))]).toEqual([]);
  expect(parts.tellsWhole).toBe(true);
  expect([...parts.take(event('rawResponse/completed', {}))]).toEqual([]);
  expect(parts.isWhole).toBe(false);
  const begun = event('item/started', { item: { type: 'dynamicToolCall', id: 'c', tool: 'add' } });
  const told = [...parts.take(begun)];
  expect(told.map(({ type }) => type)).toEqual(['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call']);
  expect(told.at(-1)).toMatchObject({ toolCallId: 'c', toolName: 'add', input: '{}' });
  expect(parts.isWhole).toBe(true);
  expect([...parts.calls]).toEqual(['c']);
});

test('usage is the sum of the responses; without any, of the counts of the thread, each told once', () => {
  const usage = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, totalTokens: 0 });
  const parts = step();
  expect(parts.usage.inputTokens.total).toBeUndefined();
  const count = (last: object, totalTokens: number) =>
    event('thread/tokenUsage/updated', { tokenUsage: { last, total: { totalTokens } } });
  for (const one of [count(usage(1, 1), 2), count(usage(1, 1), 2), count(usage(4, 0), 6)]) [...parts.take(one)];
  expect(parts.usage).toMatchObject({ inputTokens: { total: 5 }, outputTokens: { total: 1 } });
  for (const one of [{ ...usage(10, 5), cachedInputTokens: 4 }, null, { ...usage(1, 2), reasoningOutputTokens: 2 }])
    [...parts.take(event('rawResponse/completed', { usage: one }))];
  expect(parts.usage).toMatchObject({
    inputTokens: { total: 11, cacheRead: 4, noCache: 7 },
    outputTokens: { total: 7, reasoning: 2, text: 5 },
  });
});

test('raw events go along where they are asked for', () => {
  const one = event('turn/started', {});
  expect([...step({ raw: true }).take(one)]).toEqual([{ type: 'raw', rawValue: one }]);
});
