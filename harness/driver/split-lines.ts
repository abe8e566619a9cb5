/**
 * Splits a byte stream into lines at `\n`, for the driver protocol: a `\r` or U+2028 is data, and a character may
 * arrive in two chunks.
 */
export class LineSplitter {
  #rest: Buffer[] = [];

  /** The lines that this chunk completes, without their `\n`. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#rest.push(chunk.subarray(from, at));
      lines.push(Buffer.concat(this.#rest).toString('utf8'));
      this.#rest = [];
      from = at + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    return lines;
  }

  /** What has come since the last `\n`. */
  get rest(): string {
    return Buffer.concat(this.#rest).toString('utf8');
  }

  /** What follows the last `\n`; empty if the stream ended with one. */
  end(): string {
    const { rest } = this;
    this.#rest = [];
    return rest;
  }
}
