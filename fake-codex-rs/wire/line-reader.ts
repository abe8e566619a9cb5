import { isUtf8 } from 'node:buffer';

/** One line as read; `base64` if it is not UTF-8. `partial`: the input ended without a newline. */
export type WireLine = ({ text: string } | { base64: string }) & { partial?: true };

/**
 * Splits bytes into lines at `\n` only: U+2028 and a lone `\r` are content. Chunks are joined once per line, whatever
 * its size.
 */
export class LineReader {
  readonly #onLine: (line: WireLine) => void;
  #held: Buffer[] = [];

  constructor(onLine: (line: WireLine) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#held.push(chunk.subarray(from, at));
      this.#onLine(this.#take());
      from = at + 1;
    }
    if (from < chunk.length) this.#held.push(chunk.subarray(from));
  }

  end(): void {
    if (this.#held.length > 0) this.#onLine({ ...this.#take(), partial: true });
  }

  #take(): WireLine {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
  }
}
