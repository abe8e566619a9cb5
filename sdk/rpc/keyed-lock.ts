/**
 * One holder per key at a time, in the order of asking; different keys do not wait for each other. Idle keys leave nothing. Who does not want the
 * key any more by the time that he gets it gives it back at once.
 */
export class KeyedLock {
  /** Who waits, by the keys that are held. */
  #waiting = new Map<string, (() => void)[]>();

  /** How many keys are held. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for the key. The result gives it back; to be called once. */
  async acquire(key: string): Promise<() => void> {
    const held = this.#waiting.get(key);
    const waiting = held ?? [];
    if (held) await new Promise<void>((onTurn) => waiting.push(onTurn));
    else this.#waiting.set(key, waiting);
    return () => {
      const next = waiting.shift();
      if (next) next();
      else this.#waiting.delete(key);
    };
  }
}
