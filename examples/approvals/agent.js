import { ApprovalDeniedError, allowCommands, Codex, readOnly } from 'twinproof';

/**
 * Lets the agent work on a task. `ask` is asked about what the policies leave open, and may take its time: `signal` tells when the question is not
 * needed any more. Returns the answer, or what was refused first; `trail` gets every decision.
 */
export async function work(task, ask, trail, config = {}) {
  const codex = new Codex({
    approvals: [
      readOnly(),
      allowCommands(['npm test']),
      async ({ summary }, { signal }) => ((await ask(summary, signal)) ? 'accept' : 'decline'),
    ],
    onDecision: ({ request, decision, decidedBy }) => trail.push([request.kind, decision, decidedBy]),
    onDenial: 'throw',
    ...config,
  });
  try {
    const thread = await codex.threadStart();
    return (await thread.run(task)).finalResponse;
  } catch (error) {
    if (!(error instanceof ApprovalDeniedError)) throw error;
    return `refused: ${error.denial.kind}`;
  } finally {
    await codex.close();
  }
}
