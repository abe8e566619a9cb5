import type { Emit } from './handlers.ts';

/** The events of a turn that says one message and completes, in the engine's order. */
export function sayTurn(emit: Emit, threadId: string, turnId: string, text: string): void {
  const item = { type: 'agentMessage', id: `${turnId}-message`, text, phase: 'final_answer' } as const;
  emit('turn/started', { threadId, turn: { id: turnId, items: [], status: 'inProgress', error: null } });
  emit('item/started', { threadId, turnId, item: { ...item, text: '' } });
  emit('item/agentMessage/delta', { threadId, turnId, itemId: item.id, delta: text });
  emit('item/completed', { threadId, turnId, item });
  emit('turn/completed', { threadId, turn: { id: turnId, items: [], status: 'completed', error: null } });
}
