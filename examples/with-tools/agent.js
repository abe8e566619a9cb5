import { Codex, tool } from 'twinproof';
import { z } from 'zod';

/** What the agent may do with the tracker: read a ticket, and close one. */
export function trackerTools(tracker) {
  return [
    tool({
      name: 'read_ticket',
      description: 'Reads a ticket of our tracker.',
      inputSchema: z.object({
        id: z
          .string()
          .regex(/^T-\d+$/)
          .describe('Such as T-42.'),
      }),
      execute: ({ id }, { signal }) => tracker.read(id, { signal }),
    }),
    tool({
      name: 'close_ticket',
      description: 'Closes a ticket of our tracker.',
      inputSchema: z.object({ id: z.string(), reason: z.enum(['fixed', 'duplicate']) }),
      // The tracker loses one of two changes that come together.
      concurrency: 1,
      timeoutMs: 30_000,
      execute: async ({ id, reason }) => {
        await tracker.close(id, reason);
        return `${id} is closed`;
      },
    }),
  ];
}

/** Asks the agent about the tracker. Pass the id of an earlier conversation to continue it. */
export async function ask(question, tracker, { config = {}, threadId } = {}) {
  const codex = new Codex(config);
  try {
    const tools = trackerTools(tracker);
    const thread = threadId ? await codex.threadResume(threadId, { tools }) : await codex.threadStart({ tools });
    const { finalResponse } = await thread.run(question);
    return { answer: finalResponse, threadId: thread.id };
  } finally {
    await codex.close();
  }
}
