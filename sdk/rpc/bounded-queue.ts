/**
 * A first-in-first-out list that keeps at most `capacity` entries: a further one pushes out the oldest, which is counted.
 * Reading is O(1).
 */
export class BoundedQueue<T> {
  readonly capacity: number;
  #entries: T[] = [];
  #head = 0;
  #dropped = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** How many entries were pushed out unread. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: T): void {
    if (this.length >= this.capacity) {
      this.shift();
      this.#dropped += 1;
    }
    this.#entries.push(entry);
  }

  shift(): T | undefined {
    const entry = this.#entries[this.#head];
    if (this.#head < this.#entries.length) this.#head += 1;
    // Cut the read part off only when it is half of the list, so that each entry is moved once at most.
    if (this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }
}
