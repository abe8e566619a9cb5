import { copyError } from '../errors/connection-errors.ts';
import type { KeepAlive, Waiter } from './condition.ts';
import { EventLog, type EventReader, lagging } from './event-log.ts';
import type { EventSource } from './event-stream.ts';
import type { Notification } from './notification.ts';
import type { ServerRequest } from './server-requests.ts';
import { Next } from './young.ts';

/**
 * What the engine sends without being asked: a notification, with its `payload`, or a request, with its `id` and
 * `params`. Comparing `method` narrows both, and `'id' in event` tells them apart. A stream, a handler and
 * `Codex.events()` get the same object: treat it as read-only.
 */
export type EngineEvent = Notification | ServerRequest;

export const readingEvents = 'reading the events of the Codex process';

/** All events of a connection in the order of the wire, and those of each thread, while anybody reads them. */
export class EventTape {
  readonly keepAlive: KeepAlive;
  readonly #unreadLimit: number;
  /** By thread id; undefined for all. */
  readonly #logs = new Map<string | undefined, EventLog<EngineEvent>>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive, unreadLimit: number) {
    this.keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
  }

  /** Whether anybody reads. */
  get isRead(): boolean {
    return this.#logs.size > 0;
  }

  /** @param size length of the line the event came in, in characters */
  append(event: EngineEvent, threadId: string | undefined, size: number): void {
    this.#logs.get(undefined)?.append(event, size);
    if (threadId !== undefined) this.#logs.get(threadId)?.append(event, size);
  }

  /** Starts reading at the next event. @param threadId whose events; undefined for all */
  read(threadId: string | undefined): EventReader<EngineEvent> {
    let log = this.#logs.get(threadId);
    if (!log) {
      log = new EventLog(this.#unreadLimit);
      if (this.#failure) log.end(this.#failure);
      this.#logs.set(threadId, log);
    }
    return log.read();
  }

  /** A reader of it is gone. */
  released({ log }: EventReader<EngineEvent>, threadId: string | undefined): void {
    if (log.readers === 0 && this.#logs.get(threadId) === log) this.#logs.delete(threadId);
  }

  /** The connection is gone: every reader gets the cause, after the events that came before it. */
  fail(cause: Error): void {
    this.#failure = cause;
    for (const log of this.#logs.values()) log.end(cause);
  }
}

/** A place on a tape, for a stream. */
export class TapeReader implements EventSource<EngineEvent, void> {
  readonly #tape: EventTape;
  readonly #threadId: string | undefined;
  readonly #reader: EventReader<EngineEvent>;

  constructor(tape: EventTape, threadId: string | undefined) {
    this.#tape = tape;
    this.#threadId = threadId;
    this.#reader = tape.read(threadId);
  }

  get keepAlive(): KeepAlive {
    return this.#tape.keepAlive;
  }

  poll(): IteratorResult<EngineEvent, void> | undefined {
    const value = this.#reader.take();
    if (value !== undefined) return new Next(value);
    if (this.#reader.isLost) throw lagging('the events of the Codex process', this.#reader, readingEvents);
    if (!this.#reader.log.ended) return undefined;
    const failure = this.#reader.takeFailure();
    if (failure) throw copyError(failure, { action: readingEvents });
    return { done: true, value: undefined };
  }

  listen(waiter: Waiter): void {
    this.#reader.listen(waiter);
  }

  unlisten(waiter: Waiter): void {
    this.#reader.unlisten(waiter);
  }

  close(): void {
    this.#reader.close();
    this.#tape.released(this.#reader, this.#threadId);
  }
}
