import { type RulesFor, signal, text } from '../options/check-options.ts';
import type { Waiter } from '../rpc/condition.ts';
import { type EventSource, eventStream } from '../rpc/event-stream.ts';
import { type EngineEvent, readingEvents, TapeReader } from '../rpc/event-tape.ts';
import type { LazySession } from './lazy-session.ts';
import type { Session } from './session.ts';

/** Options of `Codex.events()`. */
export interface EventsOptions {
  /** Only what names this thread. Default: everything. */
  threadId?: string | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

export const eventsRules: RulesFor<EventsOptions> = { threadId: text, signal };

// One that is dropped unread must not keep events forever.
const abandoned = new FinalizationRegistry<EventTap<unknown>>((tap) => tap.close());

/** A reader of what a client's connection tells, also of one that is not made yet. */
class EventTap<T> {
  /** Fulfilled when there is a connection to read from. */
  readonly reader: Promise<EventSource<T, void>>;
  #reader: EventSource<T, void> | undefined;
  #stopWaiting = () => {};

  constructor(client: LazySession, read: (session: Session) => EventSource<T, void>) {
    this.reader = new Promise((resolve) => {
      this.#stopWaiting = client.withSession((session) => {
        this.#reader = read(session);
        resolve(this.#reader);
      });
    });
  }

  close(): void {
    this.#stopWaiting();
    this.#reader?.close();
  }
}

/** The events of a client, read from this call on. */
export function clientEvents(
  client: LazySession,
  { threadId, signal }: EventsOptions,
): AsyncGenerator<EngineEvent, void, void> {
  return readFromNow(client, ({ tape }) => new TapeReader(tape, threadId), { action: readingEvents, signal });
}

/** What a connection tells, read from this call on, or from the beginning of the next connection if there is none. */
export function readFromNow<T>(
  client: LazySession,
  read: (session: Session) => EventSource<T, void>,
  { action, signal }: { action: string; signal: AbortSignal | undefined },
): AsyncGenerator<T, void, void> {
  const tap = new EventTap(client, read);
  const open = async (left: AbortSignal) => {
    const connecting = client.ready({ signal: left });
    connecting.catch(() => {});
    // What comes before the connection is made is read as it comes.
    await Promise.race([tap.reader, connecting]).catch((error: unknown) => {
      // Nobody reads the next connection's.
      tap.close();
      throw error;
    });
    const reader = await tap.reader;
    return {
      poll: () => reader.poll(),
      listen: (waiter: Waiter) => reader.listen(waiter),
      unlisten: (waiter: Waiter) => reader.unlisten(waiter),
      close: () => tap.close(),
      keepAlive: reader.keepAlive,
      // Whoever reads needs the client, whose end would end the connection.
      client,
    };
  };
  const events = eventStream(open, { action, signal });
  abandoned.register(events, tap);
  return events;
}
