import type { ContentBlock } from '@agentclientprotocol/sdk';
import { onTestFinished } from 'vitest';
import { type AcpOptions, serveAcp } from '../../../sdk/acp.ts';
import { type Emit, type MemoryHandlers, memoryEngine } from '../../index.ts';
import { acpClient, streamPair } from '../acp-client.ts';

/** A turn that the engine plays. */
export type Turn = {
  say: Emit;
  ask: (method: string, params: object) => Promise<unknown>;
  end: (status?: string, error?: object) => void;
};

export function latch<T = void>() {
  let open: (value: T) => void = () => {};
  const reached = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { reached, open: (value: T) => open(value) };
}

/** A client that has left hears nothing. */
const quiet = (emit: Emit): Emit =>
  ((...said: Parameters<Emit>) => {
    try {
      emit(...said);
    } catch {
      // That is all.
    }
  }) as Emit;

/** The agent, its engine, and a client of the protocol that has said hello. */
export async function connected(
  play: (turn: Turn) => void = ({ end }) => end(),
  {
    handlers = {},
    answer,
    ownClient = false,
    options = {},
  }: {
    handlers?: MemoryHandlers;
    answer?: Parameters<typeof acpClient>[1];
    ownClient?: boolean;
    options?: AcpOptions;
  } = {},
) {
  let turns = 0;
  const engine = memoryEngine({
    'turn/start': ({ threadId }, { emit: send, ask }) => {
      const emit = quiet(send);
      turns += 1;
      const turnId = `turn-${turns}`;
      const say: Emit = (method: string, params: object = {}) => emit(method as never, { threadId, turnId, ...params });
      const end = (status = 'completed', error: object | null = null) =>
        say('turn/completed' as never, { turn: { id: turnId, items: [], status, error } } as never);
      setImmediate(() => {
        emit('turn/started', { threadId, turn: { id: turnId, items: [], status: 'inProgress', error: null } });
        play({
          say,
          end,
          ask: async (method, params) => await ask(method as never, { threadId, turnId, ...params } as never),
        });
      });
      return { turn: { id: turnId, items: [], status: 'inProgress', error: null } };
    },
    'turn/interrupt': ({ threadId, turnId }, { emit }) => {
      setImmediate(() =>
        quiet(emit)('turn/completed', {
          threadId,
          turn: { id: turnId, items: [], status: 'interrupted', error: null },
        }),
      );
      return {};
    },
    ...handlers,
  });
  const [ours, theirs, leave] = streamPair();
  const stop = new AbortController();
  const own = ownClient ? engine.codex() : undefined;
  const way: AcpOptions = own ? { client: own } : { config: { transport: engine.transport } };
  const served = serveAcp({ stream: ours, signal: stop.signal, ...way, ...options });
  const client = acpClient(theirs, answer);
  onTestFinished(async () => {
    stop.abort();
    await served;
    await engine.close();
  });
  const { agent } = client;
  await agent.request('initialize', { protocolVersion: 1 });
  const start = async () => (await agent.request('session/new', { cwd: '/w', mcpServers: [] })).sessionId;
  const prompt = async (sessionId: string, ...blocks: ContentBlock[]) =>
    await agent.request('session/prompt', {
      sessionId,
      prompt: blocks.length > 0 ? blocks : [{ type: 'text', text: 'go' }],
    });
  return { engine, client, agent, own, served, stop, leave, start, prompt };
}
