import { expect, test } from 'vitest';
import { Latches } from '../loopback/latches.ts';
import type { ModelPart } from './model-answer.ts';
import {
  createIds,
  type PartContext,
  playCall,
  playCustom,
  playMessage,
  playReasoning,
  playStream,
  sendItem,
} from './parts.ts';
import type { SseEvent } from './sse.ts';

const latches = new Latches();

/** A reader that takes one event at a time: what is sent before the last one has arrived is an error. */
function context() {
  const sent: SseEvent[] = [];
  let index = 4;
  let isBusy = false;
  const own: PartContext = {
    nextId: createIds(),
    latches,
    signal: new AbortController().signal,
    nextOutputIndex: () => index++,
    async send(event) {
      if (isBusy) throw new Error(`${event.type} came before its predecessor was taken`);
      isBusy = true;
      await null;
      sent.push(event);
      isBusy = false;
    },
  };
  return { own, sent };
}

const done = (item: object, output_index = 4) => ({ type: 'response.output_item.done', output_index, item });
const added = (item: object) => ({ type: 'response.output_item.added', output_index: 4, item });
const said = (text: string, more: object = {}) => ({
  ...{ type: 'message', role: 'assistant', id: 'msg_1', content: [{ type: 'output_text', text }] },
  ...more,
});
const opened = (more: object = {}) => ({ ...said('', more), status: 'in_progress', content: [] });
const at = { item_id: 'msg_1', output_index: 4, content_index: 0 };
const streamed = (more: object = {}) => [
  added(opened(more)),
  { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '' } },
  { type: 'response.output_text.delta', ...at, delta: 'Hel' },
  { type: 'response.output_text.delta', ...at, delta: 'lo' },
  { type: 'response.output_text.done', ...at, text: 'Hello' },
  done(said('Hello', more)),
];
const thought = (summary_index: number, text: string) => {
  const of = { item_id: 'rs_1', output_index: 4, summary_index };
  return [
    { type: 'response.reasoning_summary_part.added', ...of, part: { type: 'summary_text', text: '' } },
    { type: 'response.reasoning_summary_text.delta', ...of, delta: text },
    { type: 'response.reasoning_summary_text.done', ...of, text },
    { type: 'response.reasoning_summary_part.done', ...of, part: { type: 'summary_text', text } },
  ];
};
const reasoning = (more: object = {}) => ({ type: 'reasoning', id: 'rs_1', summary: [], ...more });
const ended = (more: object = {}) => done({ ...reasoning(more), encrypted_content: 'scripted' });
const call = (more: object = {}) => ({
  ...{ type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'ls', arguments: '{"a":1}' },
  ...more,
});
const custom = (more: object = {}) => ({
  ...{ type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'apply_patch', input: 'P' },
  ...more,
});

/** Each part and its options: every event that it sends, whole and in its order. */
const table: readonly (readonly [ModelPart, readonly object[]])[] = [
  [{ message: 'hi' }, [done(said('hi'))]],
  [{ message: '', phase: 'commentary' }, [done(said('', { phase: 'commentary' }))]],
  [{ stream: ['Hel', 'lo'] }, streamed()],
  [{ stream: ['Hel', 'lo'], phase: 'final_answer' }, streamed({ phase: 'final_answer' })],
  [{ stream: ['Hel', 'lo'], hold: 'open' }, streamed()],
  [{ reasoning: {} }, [added(reasoning()), ended()]],
  [
    { reasoning: { summary: ['one', 'two'] } },
    [
      added(reasoning()),
      ...thought(0, 'one'),
      ...thought(1, 'two'),
      ended({ summary: ['one', 'two'].map((text) => ({ type: 'summary_text', text })) }),
    ],
  ],
  [
    { reasoning: { text: 'raw' } },
    [
      added(reasoning()),
      {
        ...{ type: 'response.reasoning_text.delta', item_id: 'rs_1', output_index: 4, content_index: 0 },
        delta: 'raw',
      },
      ended({ content: [{ type: 'reasoning_text', text: 'raw' }] }),
    ],
  ],
  [{ call: { name: 'ls', arguments: { a: 1 } } }, [done(call())]],
  [
    { call: { name: 'ls', namespace: 'n', callId: 'mine', arguments: '{' } },
    [done(call({ namespace: 'n', call_id: 'mine', arguments: '{' }))],
  ],
  [{ custom: { name: 'apply_patch', input: 'P' } }, [done(custom())]],
  [
    { custom: { name: 'apply_patch', input: 'P', namespace: 'n', callId: 'mine' } },
    [done(custom({ namespace: 'n', call_id: 'mine' }))],
  ],
  [{ item: { type: 'web_search_call', id: 'w' } }, [done({ type: 'web_search_call', id: 'w' })]],
];

function play(own: PartContext, part: ModelPart): Promise<void> {
  if ('message' in part) return playMessage(own, part);
  if ('stream' in part) return playStream(own, part);
  if ('reasoning' in part) return playReasoning(own, part);
  if ('call' in part) return playCall(own, part);
  if ('custom' in part) return playCustom(own, part);
  if ('item' in part) return sendItem(own, part.item);
  throw new Error(`no such part: ${JSON.stringify(part)}`);
}

test.each(table)('%j: all that it sends', async (part, events) => {
  const { own, sent } = context();
  const playing = play(own, part);
  if ('hold' in part) {
    const isLast = () => (sent.at(-1) as { delta?: string } | undefined)?.delta === 'lo';
    while (!isLast()) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual(events.slice(0, 4));
    latches.release('open');
  }
  await playing;
  expect(sent).toEqual(events);
  // As JSON too: a member of undefined would be no member.
  expect(JSON.parse(JSON.stringify(sent))).toEqual(events);
});

test('each part has its output index, and each kind its own numbers', async () => {
  const { own, sent } = context();
  await playMessage(own, { message: 'a' });
  await playStream(own, { stream: ['b'] });
  await playCall(own, { call: { name: 'ls', arguments: {} } });
  await playCustom(own, { custom: { name: 'c', input: '' } });
  await playReasoning(own, { reasoning: {} });
  const items = sent.filter(({ type }) => type === 'response.output_item.done') as unknown as {
    output_index: number;
    item: { id: string; call_id?: string };
  }[];
  expect(items.map(({ output_index, item }) => [output_index, item.id, item.call_id])).toEqual([
    [4, 'msg_1', undefined],
    [5, 'msg_2', undefined],
    [6, 'fc_1', 'call_1'],
    [7, 'ctc_1', 'call_2'],
    [8, 'rs_1', undefined],
  ]);
});
