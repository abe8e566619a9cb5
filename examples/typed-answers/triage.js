import { Codex, Sandbox, StructuredOutputError } from 'twinproof';
import { z } from 'zod';

const Triage = z.object({
  severity: z.enum(['low', 'high']).describe('How bad it is for users.'),
  component: z.string().describe('The folder that the fault is in.'),
  duplicateOf: z.number().int().optional().describe('The number of the same issue, if there is one.'),
});

/** Sorts an issue. Returns undefined if the agent finds no answer of the right type, after one repair. */
export async function triage(issue, config = {}) {
  const codex = new Codex(config);
  try {
    const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
    const { output } = await thread.run(`Sort this issue:\n${issue}`, { output: Triage, repair: 1 });
    return output;
  } catch (error) {
    if (error instanceof StructuredOutputError) return undefined;
    throw error;
  } finally {
    await codex.close();
  }
}
