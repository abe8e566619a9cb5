import type { Writable } from 'node:stream';

/**
 * Writes complete lines, and waits if the reader is slow. A reader that has gone is not an error: the engine's output
 * is then lost.
 */
export class LineWriter {
  readonly #stream: Writable;
  readonly #onLine: (text: string) => void;
  #gone = false;
  #drained: Promise<void> | undefined;

  /** @param onLine receives each line before it is written: what a client has seen is always in the log */
  constructor(stream: Writable, onLine: (text: string) => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    stream.on('error', () => {
      this.#gone = true;
    });
  }

  /** Resolves at once, or when the stream accepts more. */
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

  /** Resolves when everything written has reached the system, or is lost. */
  async flushed(): Promise<void> {
    if (this.#gone) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('error', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }
}
