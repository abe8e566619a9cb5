import { type RulesFor, signal, text } from '../options/check-options.ts';
import { eventStream } from '../rpc/event-stream.ts';
import { type EngineEvent, readingEvents, TapeReader } from '../rpc/event-tape.ts';
import type { LazySession } from './lazy-session.ts';

/** Options of `Codex.events()`. */
export interface EventsOptions {
  /** Only what names this thread. Default: everything. */
  threadId?: string | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

export const eventsRules: RulesFor<EventsOptions> = { threadId: text, signal };

// One that is dropped unread must not keep events forever.
const abandoned = new FinalizationRegistry<EventTap>((tap) => tap.close());

/** A reader of a client's events, also of one that is not connected yet. */
class EventTap {
  /** Fulfilled when there is a connection to read from. */
  readonly reader: Promise<TapeReader>;
  #reader: TapeReader | undefined;
  #stopWaiting = () => {};

  constructor(client: LazySession, threadId: string | undefined) {
    this.reader = new Promise((resolve) => {
      this.#stopWaiting = client.withSession(({ tape }) => {
        this.#reader = new TapeReader(tape, threadId);
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
  const tap = new EventTap(client, threadId);
  const open = async (left: AbortSignal) => {
    const connecting = client.ready({ signal: left });
    connecting.catch(() => {});
    // What comes before the connection is made is read as it comes.
    await Promise.race([tap.reader, connecting]);
    const reader = await tap.reader;
    return {
      poll: () => reader.poll(),
      listen: (news: () => void) => reader.listen(news),
      unlisten: (news: () => void) => reader.unlisten(news),
      close: () => tap.close(),
      keepAlive: reader.keepAlive,
      // Whoever reads needs the client, whose end would end the connection.
      client,
    };
  };
  const events = eventStream(open, { action: readingEvents, signal });
  abandoned.register(events, tap);
  return events;
}
