import { Codex } from '../client/codex.ts';
import type { CodexConfig } from '../client/config.ts';
import type { Thread } from '../client/thread.ts';
import { MemoryEngine } from './memory-engine.ts';

/** A client that nothing has been asked of, and the engine that it will find. */
export function setUp(config: CodexConfig = {}) {
  const engine = new MemoryEngine();
  return { engine, codex: new Codex({ ...engine.config, ...config }) };
}

/** A client that has greeted its engine. */
export async function connected(config: CodexConfig = {}, userAgent?: string) {
  const { engine, codex } = setUp(config);
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  await engine.greet(userAgent);
  await connecting;
  return { engine, codex };
}

/** A connected client, with a thread `th`. */
export async function withThread(config: CodexConfig = {}) {
  const { engine, codex } = await connected(config);
  const [thread] = await Promise.all([codex.threadResume('th'), engine.answer({ thread: { id: 'th' } })]);
  return { engine, codex, thread };
}

/** Lets what is due happen, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const event = (method: string, turnId: string, more: object = {}) => ({
  method,
  params: { threadId: 'th', turnId, ...more },
});
export const item = (text: string, turnId = 't') =>
  event('item/completed', turnId, { item: { type: 'agentMessage', id: text, text } });
export const completed = (id = 't', status = 'completed') => ({
  method: 'turn/completed',
  params: { threadId: 'th', turn: { id, items: [], status } },
});

/** Starts a turn `t` on the thread, its start answered. */
export async function startTurn(engine: MemoryEngine, thread: Thread, early: object[] = []) {
  const starting = thread.turn('hi');
  const request = await engine.next();
  for (const message of early) engine.send(message);
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  return { request, handle: await starting };
}
