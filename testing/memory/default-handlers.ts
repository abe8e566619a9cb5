import { protocolVersion } from '../../sdk/protocol/index.ts';
import type { Emit, MemoryHandlers } from './handlers.ts';

/** What an in-memory engine answers by default: the handshake, and threads `thread-1`, `thread-2`, … */
export function defaultHandlers(): MemoryHandlers {
  let threads = 0;
  const fresh = () => {
    threads += 1;
    return { thread: { id: `thread-${threads}` } };
  };
  return {
    initialize: () => ({
      userAgent: `memory-engine/${protocolVersion}`,
      codexHome: '/memory-engine',
      platformFamily: 'memory',
      platformOs: 'memory',
    }),
    'thread/start': fresh,
    'thread/fork': fresh,
    'thread/resume': ({ threadId }) => ({ thread: { id: threadId } }),
  };
}

/** The events of a turn that sends one message and completes, in the engine's order. */
export function sayTurn(emit: Emit, threadId: string, turnId: string, text: string): void {
  const item = { type: 'agentMessage', id: `${turnId}-message`, text, phase: 'final_answer' } as const;
  emit('turn/started', { threadId, turn: { id: turnId, items: [], status: 'inProgress', error: null } });
  emit('item/started', { threadId, turnId, item: { ...item, text: '' } });
  emit('item/agentMessage/delta', { threadId, turnId, itemId: item.id, delta: text });
  emit('item/completed', { threadId, turnId, item });
  emit('turn/completed', { threadId, turn: { id: turnId, items: [], status: 'completed', error: null } });
}
