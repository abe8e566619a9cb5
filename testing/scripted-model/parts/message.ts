import type { JsonObject } from '../../json/json.ts';
import { type PartContext, sendItem } from './context.ts';

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
