import type { PartContext } from './context.ts';
import { messageItem } from './message.ts';

/** A message sent delta by delta; with `hold` the item stays open after its last delta until the latch is released. */
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
