import type { ModelToolCall } from '../types.ts';
import { type PartContext, sendItem } from './context.ts';

const namespaced = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });

/** A function call; `arguments` travels as JSON text, and text is passed as it is (also where it is no JSON). */
export function playCall(context: PartContext, part: { call: ModelToolCall }): Promise<void> {
  const { name, namespace, callId, arguments: args } = part.call;
  return sendItem(context, {
    type: 'function_call',
    id: context.nextId('fc'),
    call_id: callId ?? context.nextId('call'),
    name,
    ...namespaced(namespace),
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
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
