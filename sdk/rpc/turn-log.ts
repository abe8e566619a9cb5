import { Condition } from './condition.ts';
import type { Notification } from './notification.ts';

/** A consumer's place in a turn's events. */
export class Reader {
  /** Number of the next event to read, counted from the turn's first. */
  position: number;
  /** Rings when there is something new. */
  readonly condition = new Condition();

  constructor(position: number) {
    this.position = position;
  }
}

/** What a turn has had: an event, or the failure that ended it. */
export type TurnEntry = { event: Notification } | { failure: Error };

interface Slot {
  entry: TurnEntry;
  weight: number;
}

/** How much of a turn's events is kept by default: characters of their lines, and the weight of each. */
export const defaultUnreadLimit = 64 * 1024 * 1024;

/** What an event weighs beside its characters: as parsed, a short one takes about this much memory. */
const eventWeight = 500;

/** The events of one turn, each kept until the slowest reader has it; but not more than `maxWeight` of them. */
export class TurnLog {
  readonly id: string;
  threadId: string | undefined;
  /** No further event is to come: `turn/completed` has been seen, or the connection is gone. */
  ended = false;
  readonly readers = new Set<Reader>();
  readonly #maxWeight: number;
  #slots: (Slot | undefined)[] = [];
  /** Number of the event in slot 0. */
  #base = 0;
  /** Number of the first event that is still kept. */
  #first = 0;
  #weight = 0;

  constructor(id: string, threadId: string | undefined, maxWeight = defaultUnreadLimit) {
    this.id = id;
    this.threadId = threadId;
    this.#maxWeight = maxWeight;
  }

  /** Number of the next event to come. */
  get next(): number {
    return this.#base + this.#slots.length;
  }

  /** How many events are kept. */
  get retained(): number {
    return this.next - this.#first;
  }

  /**
   * Adds an entry and wakes the readers. When too much is kept the oldest goes, and the readers that had not read it with it: they find
   * that out by `isLost`. The newest always stays, whatever it weighs.
   */
  append(entry: TurnEntry, size = 0): void {
    this.#slots.push({ entry, weight: size + eventWeight });
    this.#weight += size + eventWeight;
    while (this.#weight > this.#maxWeight && this.retained > 1) this.#drop();
    for (const reader of this.readers) {
      if (this.isLost(reader)) this.readers.delete(reader);
      reader.condition.notifyAll();
    }
  }

  at(position: number): TurnEntry | undefined {
    return this.#slots[position - this.#base]?.entry;
  }

  /** Whether the reader's next event is no longer kept. */
  isLost(reader: Reader): boolean {
    return reader.position < this.#first;
  }

  /** Lets go of what every reader has had. Without readers that is everything. */
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
    // Moving the rest costs its length: done when half is gone, so that a long backlog is read in linear time.
    if ((place + 1) * 2 < this.#slots.length) return;
    this.#slots.splice(0, place + 1);
    this.#base = this.#first;
  }
}
