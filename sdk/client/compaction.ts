import { CodexError } from '../errors/codex-error.ts';
import { flag, type RulesFor } from '../options/check-options.ts';
import type { JsonObject } from '../protocol/index.ts';
import { awaitValue } from '../rpc/await-value.ts';
import type { Waiter } from '../rpc/condition.ts';
import { type EngineEvent, TapeReader } from '../rpc/event-tape.ts';
import { isObject } from '../rpc/is-object.ts';
import { type CallOptions, callRules, type Limits, orAbort } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
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
    const compaction = new Compaction();
    await told(
      reader,
      'waiting for the start of a compaction',
      signal,
      () => compaction.turnId !== undefined,
      compaction,
    );
    release();
    await told(reader, `turn ${compaction.turnId}`, signal, () => compaction.over, compaction);
    return { ...compaction.result() };
  } finally {
    release();
    reader.close();
  }
}

/** Takes the events of the thread one after the other, until `isThere`. */
async function told(
  reader: TapeReader,
  action: string,
  signal: AbortSignal | undefined,
  isThere: () => boolean,
  compaction: Compaction,
): Promise<void> {
  const source = {
    listen: (waiter: Waiter) => reader.listen(waiter),
    unlisten: (waiter: Waiter) => reader.unlisten(waiter),
    keepAlive: reader.keepAlive,
    poll: (): true | undefined => {
      while (!isThere()) {
        const next = reader.poll();
        if (next?.done) throw new CodexError('the connection ended', { action: method });
        if (!next) return undefined;
        compaction.take(next.value);
      }
      return true;
    },
  };
  await awaitValue(source, { action, signal });
}

/**
 * The turn in which the engine compacts. It is read from the events of the thread, which tell all of it: a handle of the turn would come too late if the
 * engine is quick, and would see nothing while a goal has the thread.
 */
class Compaction {
  turnId: string | undefined;
  over = false;
  /** What turns that began, and have had no item, came to so far. */
  readonly #started = new Map<string, TurnCollector>();
  #collector: TurnCollector | undefined;

  take(event: EngineEvent): void {
    if ('id' in event) return;
    const turnId = turnOf(event);
    if (turnId === undefined) return;
    if (event.method === 'turn/started' && this.turnId === undefined)
      this.#started.set(turnId, new TurnCollector(turnId));
    const collector = this.turnId === undefined ? this.#started.get(turnId) : this.#collector;
    collector?.take(event);
    if (this.turnId === undefined) this.#recognise(event, turnId);
    if (turnId === this.turnId && event.method === 'turn/completed') this.over = true;
  }

  /** @throws TurnFailedError if it failed */
  result(): TurnResult {
    return (this.#collector as TurnCollector).result();
  }

  #recognise(event: Notification, turnId: string): void {
    const isEnd = event.method === 'turn/completed';
    if (!isEnd && event.method !== 'item/started' && event.method !== 'item/completed') return;
    const collector = this.#started.get(turnId);
    if (!collector) return;
    this.#started.delete(turnId);
    const item: unknown = isEnd ? undefined : event.payload.item;
    if (!isEnd && !(isObject(item) && item.type === 'contextCompaction')) return;
    this.turnId = turnId;
    this.#collector = collector;
  }
}

/** The turn that a notification is about. */
function turnOf({ payload }: Notification): string | undefined {
  const { turnId, turn } = payload as JsonObject;
  const id: unknown = isObject(turn) ? turn.id : turnId;
  return typeof id === 'string' ? id : undefined;
}
