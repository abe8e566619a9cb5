import type { Facts } from '../template/default-values.ts';

/** What a template may ask of the engine that it is made for. */
export const sampleFacts: Facts = {
  threadId: 'thread-1',
  turnId: 'turn-1',
  itemId: 'item-1',
  method: 'turn/completed',
  workspace: '/work',
  codexHome: '/home/.codex',
  engineVersion: '1.2.3',
  clientName: 'client',
  clientVersion: '4',
  moment: 1_700_000_000_000,
};
