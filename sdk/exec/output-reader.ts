import { finished, type Readable } from 'node:stream';
import { afterQuiet } from '../transport/after-quiet.ts';

/**
 * How long a silent pipe may stay open after the engine has exited, in milliseconds: one of its children may hold it
 * forever.
 */
export const pipeGraceMs = 500;

/** How many chunks, of at most 64 KiB, are read ahead, so that the engine is not paused for each. */
const readAhead = 16;

/** Reads a pipe at the reader's pace: while nobody asks, the engine waits, and at most a megabyte is buffered. */
export class OutputReader {
  readonly #stream: Readable;
  readonly #chunks: Buffer[] = [];
  #over = false;
  #engineEnded = false;
  #wake: (() => void) | undefined;
  #cancelQuiet: (() => void) | undefined;

  /** @param engineEnded resolves when the engine has exited; what is still in the pipe is read anyway */
  constructor(stream: Readable, engineEnded: Promise<unknown>) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      this.#chunks.push(chunk);
      if (this.#chunks.length >= readAhead) stream.pause();
      this.#awake();
    });
    finished(stream, () => this.#finish());
    void engineEnded.then(() => {
      this.#engineEnded = true;
      if (this.#wake) this.#giveUpWhenQuiet();
    });
  }

  /** The next bytes; undefined at the end. One call at a time. */
  async next(): Promise<Buffer | undefined> {
    if (this.#chunks.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#engineEnded) this.#giveUpWhenQuiet();
      });
    }
    const chunk = this.#chunks.shift();
    this.#stream.resume();
    return chunk;
  }

  /** Discards the rest, so that an exiting engine does not wait for a reader; `next()` ends. */
  discard(): void {
    this.#chunks.length = 0;
    this.#finish();
    this.#stream.resume();
  }

  #giveUpWhenQuiet(): void {
    this.#cancelQuiet = afterQuiet(
      pipeGraceMs,
      () => 0,
      () => this.#finish(),
    );
  }

  #finish(): void {
    this.#over = true;
    this.#awake();
  }

  #awake(): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = undefined;
    this.#wake?.();
    this.#wake = undefined;
  }
}
