import { CodexError } from '../errors/codex-error.ts';
import { flag, type RulesFor } from '../options/check-options.ts';
import { awaitValue } from '../rpc/await-value.ts';
import type { Waiter } from '../rpc/condition.ts';
import { type EngineEvent, TapeReader } from '../rpc/event-tape.ts';
import { isObject } from '../rpc/is-object.ts';
import { type CallOptions, callRules, type Limits, orAbort } from '../rpc/limits.ts';
import type { Session } from './session.ts';
import { TurnCollector, type TurnResult } from './turn-result.ts';

/** Options of `Thread.compact()`. */
export interface CompactOptions extends CallOptions {
  /** Waits for the end of the compaction. Default: false, as in Python: until the engine has begun. */
  wait?: boolean | undefined;
}

export const compactRules: RulesFor<CompactOptions> = { ...callRules, wait: flag };

const method = 'thread/compact/start';

/**
 * Compacts a thread and waits for the end. The engine does it in a turn of its own, whose id no answer names: it is the
 * first turn to start after the request that begins with a compaction, or ends with no item at all.
 * @throws TurnFailedError if the compaction failed
 */
export async function compactAndWait(session: Session, threadId: string, limits: Limits): Promise<TurnResult> {
  const { signal } = limits;
  // Two compactions at once could not be told apart, and a turn that is being started could be taken for one.
  const release = await orAbort(method, session.starts.acquire(threadId), limits, (late) => late());
  const reader = new TapeReader(session.tape, threadId);
  try {
    await session.request(method, { threadId }, limits);
    const turnId = await compactionOf(reader, signal);
    release();
    return await resultOf(session, threadId, turnId, signal);
  } finally {
    release();
    reader.close();
  }
}

async function compactionOf(reader: TapeReader, signal: AbortSignal | undefined): Promise<string> {
  const started = new Set<string>();
  const source = {
    listen: (waiter: Waiter) => reader.listen(waiter),
    unlisten: (waiter: Waiter) => reader.unlisten(waiter),
    keepAlive: reader.keepAlive,
    poll: (): string | undefined => {
      for (;;) {
        const next = reader.poll();
        if (next?.done) throw new CodexError('the connection ended', { action: method });
        if (!next) return undefined;
        const found = take(next.value, started);
        if (found !== undefined) return found;
      }
    },
  };
  return await awaitValue(source, { action: 'waiting for the start of a compaction', signal });
}

/** The id of the compaction's turn, if this event tells it. @param started turns that began and have had no item */
function take(event: EngineEvent, started: Set<string>): string | undefined {
  if (event.method === 'turn/started' || event.method === 'turn/completed') {
    const id: unknown = isObject(event.payload.turn) ? event.payload.turn.id : undefined;
    if (typeof id !== 'string') return undefined;
    if (event.method === 'turn/completed') return started.has(id) ? id : undefined;
    started.add(id);
  } else if (event.method === 'item/started' || event.method === 'item/completed') {
    const { turnId, item } = event.payload;
    const type: unknown = isObject(item) ? item.type : undefined;
    if (started.delete(turnId) && type === 'contextCompaction') return turnId;
  }
  return undefined;
}

async function resultOf(session: Session, threadId: string, turnId: string, signal?: AbortSignal): Promise<TurnResult> {
  const subscription = session.turns.attach(turnId, threadId);
  try {
    const gathering = subscription.gather(new TurnCollector(turnId));
    return { ...(await subscription.gathered(gathering, signal)).result() };
  } finally {
    subscription.close();
  }
}
