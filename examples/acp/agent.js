import { tool } from 'twinproof';
import { serveAcp } from 'twinproof/acp';
import { z } from 'zod';

/** An agent for editors: Codex with a tool of ours. Without `options`, the client is on stdin and stdout. */
export async function serve(tracker, options = {}) {
  const ticket = tool({
    name: 'ticket',
    description: 'Reads a ticket of our tracker.',
    inputSchema: z.object({ id: z.string() }),
    execute: ({ id }) => tracker.read(id),
  });
  await serveAcp({
    thread: { tools: [ticket], developerInstructions: 'Name the ticket that you work on.' },
    ...options,
  });
}
