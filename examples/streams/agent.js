import { Codex } from 'twinproof';

/**
 * Answers a request of a web server with the agent's text, as it is written. A request that is given up stops the turn.
 * `onItem` gets every item as it completes, for the log.
 */
export async function answer(request, { onItem = () => {} } = {}, config = {}) {
  const codex = new Codex(config);
  try {
    const thread = await codex.threadStart();
    const turn = await thread.turn(await request.text(), { signal: request.signal });
    // Beside the text: neither takes anything from the other.
    const logged = log(turn.items(), onItem).finally(() => codex.close());
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    return { response: new Response(turn.toReadableStream({ content: 'text' }), { headers }), logged };
  } catch (error) {
    await codex.close();
    throw error;
  }
}

async function log(items, onItem) {
  try {
    for await (const item of items) onItem(item);
  } catch {
    // The body fails with the same error.
  }
}
