import { Codex, ConnectionLostError, unixSocket, webSocket } from 'twinproof';

/** Where the shared engine listens: the path of a socket, or a `ws:` URL with the file of its token. */
export function attached(address, { tokenFile, ...config } = {}) {
  const transport = address.startsWith('ws')
    ? webSocket(address, { token: tokenFile && { file: tokenFile } })
    : unixSocket(address);
  return new Codex({ transport, reconnect: { backoffMs: 20, attempts: 50 }, ...config });
}

/** Runs a turn to its end, even if the connection is lost meanwhile: the engine goes on without us. */
export async function work(thread, input) {
  const turn = await thread.turn(input);
  try {
    return (await turn.result()).finalResponse;
  } catch (error) {
    if (!(error instanceof ConnectionLostError)) throw error;
    // This call waits for the new connection.
    const { thread: stored } = await thread.read({ includeTurns: true });
    const last = stored.turns.find(({ id }) => id === turn.id);
    if (last?.status === 'inProgress') return (await (await thread.attach(turn.id)).result()).finalResponse;
    // It ended while we were away, and its items are stored.
    return last?.items.findLast(({ type }) => type === 'agentMessage')?.text ?? null;
  }
}
