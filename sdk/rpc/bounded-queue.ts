/**
 * A first-in-first-out list of at most `capacity` entries that weigh at most `maxWeight` together: a further one pushes out the oldest, which
 * are counted. The newest always stays, whatever it weighs. Reading is O(1).
 */
export class BoundedQueue<T> {
  readonly #capacity: number;
  readonly #maxWeight: number;
  #entries: { entry: T; weight: number }[] = [];
  #head = 0;
  #weight = 0;
  #dropped = 0;

  constructor(capacity: number, maxWeight: number) {
    this.#capacity = capacity;
    this.#maxWeight = maxWeight;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** How many entries were pushed out unread. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: T, weight: number): void {
    this.#entries.push({ entry, weight });
    this.#weight += weight;
    while (this.length > this.#capacity || (this.#weight > this.#maxWeight && this.length > 1)) {
      this.shift();
      this.#dropped += 1;
    }
  }

  shift(): T | undefined {
    const oldest = this.#entries[this.#head];
    if (!oldest) return undefined;
    this.#weight -= oldest.weight;
    this.#head += 1;
    // Cut the read part off only when it is half of the list, so that each entry is moved once at most.
    if (this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return oldest.entry;
  }
}
