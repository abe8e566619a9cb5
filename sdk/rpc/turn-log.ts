import { Bell } from './bell.ts';
import type { Notification } from './notification.ts';

/** A consumer's place in a turn's events. */
export class Reader {
  /** Number of the next event to read, counted from the turn's first. */
  position: number;
  /** Rings when there is something new. */
  readonly bell = new Bell();

  constructor(position: number) {
    this.position = position;
  }
}

/** What a turn has had: an event, or the failure that ended it. */
export type TurnEntry = { event: Notification } | { failure: Error };

/** The events of one turn, each kept until the slowest reader has it. */
export class TurnLog {
  readonly id: string;
  threadId: string | undefined;
  /** No further event is to come: `turn/completed` has been seen, or the connection is gone. */
  ended = false;
  readonly readers = new Set<Reader>();
  #slots: (TurnEntry | undefined)[] = [];
  /** Number of the event in slot 0. */
  #base = 0;
  /** Number of the first event that is still kept. */
  #first = 0;

  constructor(id: string, threadId: string | undefined) {
    this.id = id;
    this.threadId = threadId;
  }

  /** Number of the next event to come. */
  get next(): number {
    return this.#base + this.#slots.length;
  }

  /** How many events are kept. */
  get retained(): number {
    return this.next - this.#first;
  }

  append(entry: TurnEntry): void {
    this.#slots.push(entry);
    for (const reader of this.readers) reader.bell.ring();
  }

  at(position: number): TurnEntry | undefined {
    return this.#slots[position - this.#base];
  }

  /** Lets go of what every reader has had. Without readers that is everything. */
  prune(): void {
    let consumed = this.next;
    for (const reader of this.readers) consumed = Math.min(consumed, reader.position);
    for (; this.#first < consumed; this.#first += 1) this.#slots[this.#first - this.#base] = undefined;
    // Moving the rest costs its length: done when half is gone, so that a long backlog is read in linear time.
    const gone = this.#first - this.#base;
    if (gone * 2 < this.#slots.length) return;
    this.#slots.splice(0, gone);
    this.#base = this.#first;
  }
}
