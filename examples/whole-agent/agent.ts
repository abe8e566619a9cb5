// Fixes what a ticket says. Press Ctrl-C to stop it, and start it again to continue: node agent.js
import { readFile, writeFile } from 'node:fs/promises';
import { allowCommands, Codex, Sandbox, StructuredOutputError, type ThreadStartOptions, tool } from 'twinproof';
import { z } from 'zod';

const tickets: Record<string, string> = { 'T-42': 'The build is red since Monday.' };
const ticket = tool({
  name: 'ticket',
  description: 'Reads a ticket of our tracker.',
  inputSchema: z.object({ id: z.string() }),
  execute: ({ id }) => tickets[id] ?? 'There is no such ticket.',
});
const Report = z.object({ summary: z.string(), status: z.enum(['ok', 'broken']) });

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const stored = await readFile('thread.txt', 'utf8').catch(() => undefined);

// In a group of its own, the engine is not ended by Ctrl-C.
await using codex = new Codex({ detached: true });
const options = {
  sandbox: Sandbox.workspaceWrite,
  tools: [ticket],
  approvals: [
    allowCommands(['git status']),
    ({ summary }) => {
      console.log(`\nDeclined: ${summary}`);
      return 'decline';
    },
  ],
} satisfies ThreadStartOptions;
const thread = stored ? await codex.threadResume(stored, options) : await codex.threadStart(options);
await writeFile('thread.txt', thread.id);

const input = stored ? 'Continue.' : 'Look at ticket T-42 and fix it.';
const turn = await thread.turn(input, { output: Report, signal: stop.signal });
for await (const event of turn.stream()) {
  if (event.method === 'item/agentMessage/delta') process.stdout.write(event.payload.delta);
  if (event.method === 'item/completed') console.log(`\n[${event.payload.item.type}]`);
}

try {
  const { output, usage } = await turn.result();
  console.log(`${output.status}: ${output.summary} (${usage?.last.totalTokens} tokens)`);
} catch (error) {
  if (!(error instanceof StructuredOutputError) || error.reason !== 'interrupted') throw error;
  console.log('Stopped. Start me again to continue.');
}
