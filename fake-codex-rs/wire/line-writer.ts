import type { Writable } from 'node:stream';

/** Writes whole lines and waits where the reader is slow. A reader that has gone is no error: the engine's words are then lost on it. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #onLine: (text: string) => void;
  #gone = false;
  #drained: Promise<void> | undefined;

  /** @param onLine hears each line before it is written: what a client has seen is always logged */
  constructor(stream: Writable, onLine: (text: string) => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    stream.on('error', () => {
      this.#gone = true;
    });
  }

  /** Resolves at once, or when the stream takes more. */
  write(text: string): Promise<void> | undefined {
    this.#onLine(text);
    if (this.#gone || this.#stream.write(`${text}\n`)) return undefined;
    this.#drained ??= new Promise((resolve) => {
      const go = () => {
        this.#drained = undefined;
        this.#stream.off('drain', go).off('error', go).off('close', go);
        resolve();
      };
      this.#stream.on('drain', go).on('error', go).on('close', go);
    });
    return this.#drained;
  }

  /** Resolves when all that was written is with the system, or lost. */
  async flushed(): Promise<void> {
    if (this.#gone) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('error', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }
}
