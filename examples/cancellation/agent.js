import { AbortError, Codex } from 'twinproof';

/**
 * Lets the agent work on a task until `signal` stops it, its commands included. `onText` gets the text as it arrives.
 * Returns how it ended, and what was said until then.
 */
export async function work(task, { signal, onText = () => {} }, config = {}) {
  const codex = new Codex(config);
  try {
    const thread = await codex.threadStart();
    const turn = await thread.turn(task, { signal, hardAbort: true });
    let text = '';
    for await (const event of turn.stream()) {
      if (event.method !== 'item/agentMessage/delta') continue;
      text += event.payload.delta;
      onText(event.payload.delta);
    }
    return { ended: (await turn.result()).status, text };
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
    return { ended: 'before it began', text: '' };
  } finally {
    await codex.close();
  }
}
