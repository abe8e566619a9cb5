import { Codex, type CodexConfig } from 'twinproof';

/** Explains a topic. Passes on each piece as it arrives. When `stop` fires, interrupts the agent and returns the text so far. */
export async function explain(
  topic: string,
  onPiece: (piece: string) => void,
  config: CodexConfig = {},
  stop?: AbortSignal,
) {
  await using codex = new Codex(config);
  const thread = await codex.threadStart();
  const turn = await thread.turn(`Explain ${topic}.`);
  stop?.addEventListener('abort', () => void turn.interrupt(), { once: true });
  let said = '';
  for await (const event of turn.stream()) {
    if (event.method !== 'item/agentMessage/delta') continue;
    said += event.payload.delta;
    onPiece(event.payload.delta);
  }
  return said;
}
