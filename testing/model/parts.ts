import type { JsonObject } from '../json/json.ts';
import { writeJson } from '../json/write-json.ts';
import type { Latches } from '../loopback/latches.ts';
import type { ModelToolCall } from './model-answer.ts';
import type { SseEvent } from './sse.ts';

/** Numbered per kind and per server (`resp_1`, `msg_1`, `call_1`), so that the same script gives the same ids. */
export type IdKind = 'resp' | 'msg' | 'rs' | 'fc' | 'ctc' | 'call';
export type NextId = (kind: IdKind) => string;

export function createIds(): NextId {
  const counts = new Map<IdKind, number>();
  return (kind) => {
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    return `${kind}_${n}`;
  };
}

/** What a part needs to be played. */
export interface PartContext {
  nextId: NextId;
  latches: Latches;
  /** Aborts when the engine has left or the server closes. */
  signal: AbortSignal;
  /** Sends one event; `response.created` is sent before the first. */
  send(event: SseEvent): Promise<void>;
  /** Index of the next output item. Each item uses one. */
  nextOutputIndex(): number;
}

/** Sends a whole output item at once. */
export function sendItem(context: PartContext, item: JsonObject): Promise<void> {
  return context.send({ type: 'response.output_item.done', output_index: context.nextOutputIndex(), item });
}

/** The assistant's message item. `phase` is the engine's own word for commentary or the final answer. */
export function messageItem(id: string, text: string, phase?: string): JsonObject {
  return {
    type: 'message',
    role: 'assistant',
    id,
    content: [{ type: 'output_text', text }],
    ...(phase === undefined ? {} : { phase }),
  };
}

/** A whole message, sent at once. */
export function playMessage(context: PartContext, part: { message: string; phase?: string }): Promise<void> {
  return sendItem(context, messageItem(context.nextId('msg'), part.message, part.phase));
}

/** A message sent in deltas; with `hold`, the item stays open after its last delta until the latch is released. */
export async function playStream(
  context: PartContext,
  part: { stream: string[]; phase?: string; hold?: string },
): Promise<void> {
  const id = context.nextId('msg');
  const output_index = context.nextOutputIndex();
  const text = part.stream.join('');
  const at = { item_id: id, output_index, content_index: 0 };
  await context.send({
    type: 'response.output_item.added',
    output_index,
    item: { ...messageItem(id, '', part.phase), status: 'in_progress', content: [] },
  });
  await context.send({ type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '' } });
  for (const delta of part.stream) await context.send({ type: 'response.output_text.delta', ...at, delta });
  if (part.hold !== undefined) await context.latches.wait(part.hold, context.signal);
  await context.send({ type: 'response.output_text.done', ...at, text });
  await context.send({ type: 'response.output_item.done', output_index, item: messageItem(id, text, part.phase) });
}

/** A reasoning item: its summary parts one by one, then its raw text, each as one delta. */
export async function playReasoning(
  context: PartContext,
  part: { reasoning: { summary?: string[]; text?: string } },
): Promise<void> {
  const { summary = [], text } = part.reasoning;
  const id = context.nextId('rs');
  const output_index = context.nextOutputIndex();
  await context.send({
    type: 'response.output_item.added',
    output_index,
    item: { type: 'reasoning', id, summary: [] },
  });
  for (const [summary_index, delta] of summary.entries()) {
    const at = { item_id: id, output_index, summary_index };
    const empty = { type: 'summary_text', text: '' };
    await context.send({ type: 'response.reasoning_summary_part.added', ...at, part: empty });
    await context.send({ type: 'response.reasoning_summary_text.delta', ...at, delta });
    await context.send({ type: 'response.reasoning_summary_text.done', ...at, text: delta });
    await context.send({ type: 'response.reasoning_summary_part.done', ...at, part: { ...empty, text: delta } });
  }
  if (text !== undefined) {
    const at = { item_id: id, output_index, content_index: 0 };
    await context.send({ type: 'response.reasoning_text.delta', ...at, delta: text });
  }
  await context.send({
    type: 'response.output_item.done',
    output_index,
    item: {
      type: 'reasoning',
      id,
      summary: summary.map((one) => ({ type: 'summary_text', text: one })),
      ...(text === undefined ? {} : { content: [{ type: 'reasoning_text', text }] }),
      encrypted_content: 'scripted',
    },
  });
}

const namespaced = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });

/** A function call. `arguments` is sent as JSON text; a text is sent unchanged, even if it is not JSON. */
export function playCall(context: PartContext, part: { call: ModelToolCall }): Promise<void> {
  const { name, namespace, callId, arguments: args } = part.call;
  return sendItem(context, {
    type: 'function_call',
    id: context.nextId('fc'),
    call_id: callId ?? context.nextId('call'),
    name,
    ...namespaced(namespace),
    arguments: typeof args === 'string' ? args : writeJson(args),
  });
}

/** A freeform tool call: its input is plain text. */
export function playCustom(
  context: PartContext,
  part: { custom: { name: string; input: string; namespace?: string; callId?: string } },
): Promise<void> {
  const { name, input, namespace, callId } = part.custom;
  return sendItem(context, {
    type: 'custom_tool_call',
    id: context.nextId('ctc'),
    call_id: callId ?? context.nextId('call'),
    name,
    ...namespaced(namespace),
    input,
  });
}
