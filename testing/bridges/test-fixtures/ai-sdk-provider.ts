import { onTestFinished } from 'vitest';
import { type CodexProviderOptions, createCodex } from '../../../sdk/ai-sdk.ts';
import { type Emit, type MemoryHandlers, memoryEngine } from '../../index.ts';

/** Plays turns: each handler gets what sends the events of its turn. */
export type Play = (turn: {
  say: Emit;
  ask: (callId: string) => Promise<unknown>;
  end: (status?: string) => void;
}) => void;

/** A provider, and the engine in this program that it starts. */
export function provider(play: Play, handlers: MemoryHandlers = {}, options: CodexProviderOptions = {}) {
  let turns = 0;
  let open = true;
  const engine = memoryEngine({
    'turn/start': ({ threadId }, { emit, ask }) => {
      turns += 1;
      const turnId = `turn-${turns}`;
      const say: Emit = (method: string, params: object = {}) => {
        // Not to a client that has left.
        if (open) emit(method as never, { threadId, turnId, ...params });
      };
      const end = (status = 'completed') => {
        say('turn/completed' as never, { turn: { id: turnId, items: [], status, error: null } } as never);
      };
      // After the answer to the start.
      queueMicrotask(() =>
        setImmediate(() =>
          play({
            say,
            end,
            ask: async (callId) => {
              const call = { tool: 'ticket', arguments: { id: callId } };
              say('item/started', { item: { type: 'dynamicToolCall', id: callId, status: 'inProgress', ...call } });
              return await ask('item/tool/call', { threadId, turnId, callId, ...call }).catch(
                () => new Promise(() => {}),
              );
            },
          }),
        ),
      );
      return { turn: { id: turnId, items: [], status: 'inProgress', error: null } };
    },
    'thread/inject_items': () => ({}),
    ...handlers,
  });
  const codex = createCodex({ config: { transport: engine.transport }, ...options });
  onTestFinished(async () => {
    open = false;
    await codex.close();
    await engine.close();
  });
  return { engine, codex };
}

/** A message of the agent, as an item. */
export const message = (text: string, more: object = {}) => ({
  item: { type: 'agentMessage' as const, id: text, text, ...more },
});
export const usage = (input: number, total = input) => ({
  tokenUsage: { last: { inputTokens: input, outputTokens: 0, totalTokens: input }, total: { totalTokens: total } },
});
