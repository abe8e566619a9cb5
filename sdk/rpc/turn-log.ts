import { Condition } from './condition.ts';
import type { Notification } from './notification.ts';

/** A consumer's position in a turn's events. */
export class Reader {
  /** Number of the next event to read, counted from the turn's first. */
  position: number;
  /** Notified when there is something new. */
  readonly condition = new Condition();

  constructor(position: number) {
    this.position = position;
  }
}

/** An entry of a turn's log: an event, or the failure that ended it. */
export type TurnEntry = { event: Notification } | { failure: Error };

/** Takes each entry as it comes, whether or not anybody reads it. `weight` is what the entry weighs in the log. */
export interface Listener {
  take(entry: TurnEntry, weight: number): void;
}

interface Slot {
  entry: TurnEntry;
  weight: number;
}

/** How much of a turn's events is kept by default: characters of their lines, plus the weight of each. */
export const defaultUnreadLimit = 64 * 1024 * 1024;

/** What an event weighs besides its characters. A short event takes about this much memory once parsed. */
const eventWeight = 500;

/** The events of one turn. Each is kept until the slowest reader has it, up to a total of `maxWeight`. */
export class TurnLog {
  readonly id: string;
  threadId: string | undefined;
  /** No further event will come: `turn/completed` has been seen, or the connection is gone. */
  ended = false;
  readonly readers = new Set<Reader>();
  /** See `follow()`. */
  readonly listeners = new Set<Listener>();
  readonly maxWeight: number;
  #slots: (Slot | undefined)[] = [];
  /** Number of the event in slot 0. */
  #base = 0;
  /** Number of the first event that is still kept. */
  #first = 0;
  #weight = 0;

  constructor(id: string, threadId: string | undefined, maxWeight = defaultUnreadLimit) {
    this.id = id;
    this.threadId = threadId;
    this.maxWeight = maxWeight;
  }

  /** Number of the next event. */
  get next(): number {
    return this.#base + this.#slots.length;
  }

  /** How many events are kept. */
  get retained(): number {
    return this.next - this.#first;
  }

  /**
   * Adds an entry and wakes the readers. If too much is kept, the oldest entries are dropped, and readers that had not
   * read them are lost (see `isLost`). The newest always stays, whatever it weighs.
   */
  append(entry: TurnEntry, size = 0): void {
    const weight = size + eventWeight;
    this.#slots.push({ entry, weight });
    this.#weight += weight;
    for (const listener of this.listeners) listener.take(entry, weight);
    if (this.ended) this.listeners.clear();
    while (this.#weight > this.maxWeight && this.retained > 1) this.#drop();
    for (const reader of this.readers) {
      if (this.isLost(reader)) this.readers.delete(reader);
      reader.condition.notifyAll();
    }
  }

  at(position: number): TurnEntry | undefined {
    return this.#slots[position - this.#base]?.entry;
  }

  /** Tells `listener` of every entry from `position` on, those that have come at once, up to the end of the turn. */
  follow(listener: Listener, position: number): void {
    for (const slot of this.#slots.slice(position - this.#base)) if (slot) listener.take(slot.entry, slot.weight);
    if (!this.ended) this.listeners.add(listener);
  }

  /** Whether the reader's next event has been dropped. */
  isLost(reader: Reader): boolean {
    return reader.position < this.#first;
  }

  /** Drops what every reader has read. Without readers, that is everything. */
  prune(): void {
    let consumed = this.next;
    for (const reader of this.readers) consumed = Math.min(consumed, reader.position);
    while (this.#first < consumed) this.#drop();
  }

  #drop(): void {
    const place = this.#first - this.#base;
    this.#weight -= this.#slots[place]?.weight ?? 0;
    this.#slots[place] = undefined;
    this.#first += 1;
    // Moving the rest costs its length. It is done when half is gone, so that a long backlog is read in linear time.
    if ((place + 1) * 2 < this.#slots.length) return;
    this.#slots.splice(0, place + 1);
    this.#base = this.#first;
  }
}
