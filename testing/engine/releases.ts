/** What has been opened so far, released in the reverse order. A release that fails keeps none of the others from its turn. */
export class Releases {
  readonly #left: (() => unknown)[] = [];
  #running: Promise<void> | undefined;

  /** Remembers how to release what has just been opened. */
  add(release: () => unknown): void {
    this.#left.push(release);
  }

  /** Releases everything; a second call waits for the first. @throws the first error, after all were released */
  readonly run = (): Promise<void> => {
    this.#running ??= this.#run();
    return this.#running;
  };

  async #run(): Promise<void> {
    const errors: unknown[] = [];
    for (let release = this.#left.pop(); release !== undefined; release = this.#left.pop()) {
      try {
        await release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Opens one thing after the other. If one of them fails, what was opened before it is released, and the error is thrown. */
export async function opening<T>(open: (releases: Releases) => Promise<T>): Promise<T> {
  const releases = new Releases();
  try {
    return await open(releases);
  } catch (error) {
    // What stands in the way of opening may stand in the way of this too; the first error is the one that counts.
    await releases.run().catch(() => undefined);
    throw error;
  }
}
