import type { PartContext } from './context.ts';

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
