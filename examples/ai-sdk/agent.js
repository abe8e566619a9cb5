import { generateText, isStepCount, Output, tool } from 'ai';
import { createCodex } from 'twinproof/ai-sdk';
import { z } from 'zod';

const Report = z.object({ summary: z.string(), risk: z.enum(['low', 'high']) });

/** Judges a ticket: the model reads it with a tool of ours, looks at the code with the engine's own, and gives a report. */
export async function judge(id, tracker, config = {}) {
  const codex = createCodex({ config, thread: { sandbox: 'read-only' } });
  try {
    const { output, steps } = await generateText({
      model: codex(),
      prompt: `Read ticket ${id}, look at the code, and judge the risk.`,
      tools: {
        read_ticket: tool({
          description: 'Reads a ticket of our tracker.',
          inputSchema: z.object({ id: z.string() }),
          execute: ({ id }) => tracker.read(id),
        }),
      },
      stopWhen: isStepCount(5),
      output: Output.object({ schema: Report }),
    });
    const commands = steps
      .flatMap(({ toolCalls }) => toolCalls)
      .filter(({ toolName }) => toolName === 'commandExecution')
      .map(({ input }) => input.command);
    return { report: output, commands };
  } finally {
    await codex.close();
  }
}
