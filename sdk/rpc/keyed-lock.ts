/**
 * One holder per key at a time, in the order of the requests; different keys do not wait for each other. Idle keys
 * leave nothing behind. A caller that no longer wants the key when it gets it must release it at once.
 */
export class KeyedLock {
  /** The waiting callers, by held key. */
  #waiting = new Map<string, (() => void)[]>();

  /** How many keys are held. */
  get size(): number {
    return this.#waiting.size;
  }

  isHeld(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Waits for the key. The result releases it, once: called again, it does nothing, as somebody else may hold the key by then. */
  async acquire(key: string): Promise<() => void> {
    const held = this.#waiting.get(key);
    const waiting = held ?? [];
    if (held) await new Promise<void>((onTurn) => waiting.push(onTurn));
    else this.#waiting.set(key, waiting);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = waiting.shift();
      if (next) next();
      else this.#waiting.delete(key);
    };
  }
}
