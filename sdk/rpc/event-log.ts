import { CodexError } from '../errors/codex-error.ts';
import { publish } from '../telemetry/life-cycle.ts';
import type { Waiter } from './condition.ts';

/** How much of a log is kept by default: characters of its events' lines, plus the weight of each. */
export const defaultUnreadLimit = 64 * 1024 * 1024;

/** What an event weighs besides its characters. A short event takes about this much memory once parsed. */
export const eventWeight = 500;

/**
 * An event in a log, and the way to the next one. A reader refers to the last event that it has had, so what all
 * readers have had is referred to by nothing.
 */
class Link<E> {
  /** Undefined once all readers have had it. */
  event: E | undefined;
  readonly weight: number;
  next: Link<E> | undefined;
  /** How many readers have had this event and not the next. */
  readers = 0;
  /** The next event was let go before these readers had it. */
  cut = false;

  constructor(event: E | undefined, weight: number) {
    this.event = event;
    this.weight = weight;
  }
}

/**
 * Events in the order of their arrival, for any number of readers. Each is kept until the slowest reader has it, up to
 * a total of `maxWeight`. Appending costs one step for each reader that waits, reading one step, however many others
 * there are.
 */
export class EventLog<E> {
  readonly maxWeight: number;
  /** How many events there have been. */
  count = 0;
  #first = new Link<E>(undefined, 0);
  #last = this.#first;
  #weight = 0;
  #retained = 0;
  #readers = 0;
  /** A reader that waits. Most logs never have a second one. */
  #waiting: EventReader<E> | undefined;
  #furtherWaiting: EventReader<E>[] | undefined;
  #ended = false;
  #failure: Error | undefined;

  constructor(maxWeight = defaultUnreadLimit) {
    this.maxWeight = maxWeight;
  }

  /** What is kept weighs this much. */
  get weight(): number {
    return this.#weight;
  }

  /** How many events are kept. */
  get retained(): number {
    return this.#retained;
  }

  /** How many readers there are, without those that lag too far behind. */
  get readers(): number {
    return this.#readers;
  }

  /** No further event will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why it ended, unless its last event says so. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Starts reading at the next event, or where another reader is. */
  read(from?: EventReader<E>): EventReader<E> {
    const reader = new EventReader<E>(this, from?.link ?? this.#last, from?.position ?? this.count);
    if (reader.link.cut) return reader;
    reader.link.readers += 1;
    this.#readers += 1;
    return reader;
  }

  /**
   * Adds an event and tells the readers that wait. If too much is kept, the oldest events are let go, and readers that
   * had not had them have lost their place. The newest always stays, whatever it weighs.
   * @param size length of the line it came in, in characters
   */
  append(event: E, size = 0): void {
    this.count += 1;
    if (this.#readers === 0) return;
    const only = this.#readers === 1 && !this.#furtherWaiting ? this.#waiting : undefined;
    if (only?.link === this.#last) {
      // Whoever waits for it has it at once, and nothing is kept.
      this.#waiting = undefined;
      if (only.hand(event)) return;
    }
    const link = new Link(event, size + eventWeight);
    this.#last.next = link;
    this.#last = link;
    this.#weight += link.weight;
    this.#retained += 1;
    while (this.#weight > this.maxWeight && this.#retained > 1) this.#letGo();
    if (this.#waiting) this.#tell();
  }

  /** @param failure what its readers are told once they have had everything */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#tell();
  }

  /** Calls `listener` for what a reader has not had yet, without reading it. */
  unread({ link }: EventReader<E>, listener: (event: E, size: number) => void): void {
    for (let next = link.next; next; next = next.next)
      if (next.event !== undefined) listener(next.event, next.weight - eventWeight);
  }

  /** For readers alone. */
  wait(reader: EventReader<E>): void {
    if (!this.#waiting) this.#waiting = reader;
    else if (this.#furtherWaiting) this.#furtherWaiting.push(reader);
    else this.#furtherWaiting = [reader];
  }

  /** For readers alone. */
  advance(reader: EventReader<E>): E | undefined {
    const from = reader.link;
    const to = from.next;
    if (to === undefined) return undefined;
    reader.link = to;
    reader.position += 1;
    from.readers -= 1;
    to.readers += 1;
    const { event } = to;
    if (from.readers === 0 && from === this.#first) this.#shorten();
    return event;
  }

  /** For readers alone. */
  release({ link }: EventReader<E>): void {
    if (link.cut) return;
    link.readers -= 1;
    this.#readers -= 1;
    if (link.readers === 0 && link === this.#first) this.#shorten();
  }

  #tell(): void {
    const first = this.#waiting;
    const further = this.#furtherWaiting;
    this.#waiting = undefined;
    if (further) this.#furtherWaiting = undefined;
    first?.tell();
    if (further) for (const reader of further) reader.tell();
  }

  /** Forgets what every reader has had. */
  #shorten(): void {
    let first = this.#first;
    while (first.readers === 0 && first.next) {
      const { next } = first;
      // A link that has outlived a collection would keep what follows it from being collected early.
      first.next = undefined;
      first = next;
      this.#weight -= first.weight;
      this.#retained -= 1;
    }
    first.event = undefined;
    this.#first = first;
  }

  #letGo(): void {
    const first = this.#first;
    this.#readers -= first.readers;
    // A reader that is never asked again must not keep what follows.
    first.cut = true;
    if (first.next) {
      this.#weight -= first.next.weight;
      this.#retained -= 1;
      this.#first = first.next;
    }
    first.next = undefined;
    if (this.#first.readers === 0) this.#shorten();
  }
}

/** One consumer's place in a log. */
export class EventReader<E> {
  readonly log: EventLog<E>;
  /** The last event that it has had. */
  link: Link<E>;
  /** How many events came before the next one. */
  position: number;
  /** Who waits. Most readers never have a second one. */
  #waiter: Waiter | undefined;
  #furtherWaiters: Waiter[] | undefined;
  #closed = false;
  #toldFailure = false;
  /** The log knows that it waits. */
  #waits = false;
  /** The next event, while it is told of it. */
  #handed: E | undefined;

  constructor(log: EventLog<E>, link: Link<E>, position: number) {
    this.log = log;
    this.link = link;
    this.position = position;
  }

  /** Whether its next event has been let go. */
  get isLost(): boolean {
    return this.link.cut;
  }

  /** The next event, if it is there. */
  take(): E | undefined {
    const handed = this.#handed;
    if (handed === undefined) return this.log.advance(this);
    this.#handed = undefined;
    this.position += 1;
    return handed;
  }

  /** Why the log ended, once; undefined for whoever has been told, and after an end that was an event. */
  takeFailure(): Error | undefined {
    if (this.#toldFailure) return undefined;
    this.#toldFailure = true;
    return this.log.failure;
  }

  /** Tells `waiter` once, at once when something comes: an event, or the end. */
  listen(waiter: Waiter): void {
    if (!this.#waits) this.log.wait(this);
    this.#waits = true;
    if (!this.#waiter) this.#waiter = waiter;
    else if (this.#furtherWaiters) this.#furtherWaiters.push(waiter);
    else this.#furtherWaiters = [waiter];
  }

  /** Takes it back. */
  unlisten(waiter: Waiter): void {
    const further = this.#furtherWaiters;
    if (this.#waiter === waiter) this.#waiter = further?.shift();
    else {
      const place = further?.indexOf(waiter) ?? -1;
      if (place >= 0) further?.splice(place, 1);
    }
  }

  tell(): void {
    this.#waits = false;
    const first = this.#waiter;
    const further = this.#furtherWaiters;
    this.#waiter = undefined;
    if (further) this.#furtherWaiters = undefined;
    first?.tell();
    if (further) for (const waiter of further) waiter.tell();
  }

  /** Tells who waits of an event that is not in the log yet. @returns whether it has been taken */
  hand(event: E): boolean {
    this.#handed = event;
    this.tell();
    const taken = this.#handed === undefined;
    this.#handed = undefined;
    return taken;
  }

  /** Gives up its place. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.log.release(this);
    this.tell();
  }
}

/** What a reader is told that has lost its place. @param what what it reads */
export function lagging(what: string, { position }: EventReader<unknown>, action: string): CodexError {
  publish('reader.lagging', { what, position });
  return new CodexError(
    `${what} were read too slowly: event ${position + 1} and others were let go, ` +
      'as more than CodexConfig.unreadLimit were waiting',
    { kind: 'lagging', action },
  );
}
