import { expect } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import type { GoalOptions } from '../client/goal-control.ts';
import type { Thread } from '../client/thread.ts';
import { withThread } from './connected-client.ts';
import type { MemoryEngine } from './memory-engine.ts';

export const started = (id: string, startedAt: number | null = null) => ({
  method: 'turn/started',
  params: { threadId: 'th', turn: { id, items: [], status: 'inProgress', startedAt } },
});
export const ended = (id: string, completedAt: number, more: object = {}) => ({
  method: 'turn/completed',
  params: { threadId: 'th', turn: { id, items: [], status: 'completed', completedAt, ...more } },
});
export const goal = (status: string) => ({
  method: 'thread/goal/updated',
  params: { threadId: 'th', turnId: null, goal: { status } },
});
export const cleared = { method: 'thread/goal/cleared', params: { threadId: 'th' } };
export const stored = { thread: { id: 'th', status: { type: 'idle' }, ephemeral: false, path: '/r' } };

/** A goal on the thread, in its first turn `a`. */
export async function withGoal(options: GoalOptions = {}, config: CodexConfig = {}) {
  const { engine, codex, thread } = await withThread(config);
  return { engine, codex, thread, handle: await startGoal(engine, thread, options) };
}

export async function startGoal(engine: MemoryEngine, thread: Thread, options: GoalOptions = {}) {
  const starting = thread.startGoal(' win ', options);
  await engine.answer(stored);
  await engine.answer({ cleared: false });
  const set = await engine.answer({ goal: {} });
  expect(set.params).toMatchObject({ threadId: 'th', objective: 'win', status: 'active' });
  engine.send(goal('active'));
  engine.send(started('a', 100));
  return await starting;
}
