/** How many of the last lines are kept. */
const keptLines = 400;
/** How many of them an error quotes, and up to how many characters. */
const quotedLines = 40;
const quotedCharacters = 2000;
/** A line without an end is cut to its last part, so that it cannot fill the memory. */
const longestLine = 65_536;

/** The last lines of a process's stderr. Bytes that are not UTF-8 are replaced and never stop the reading. */
export class StderrTail {
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #partial = '';

  push(chunk: Uint8Array): void {
    const pieces = (this.#partial + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#partial = (pieces.pop() ?? '').slice(-longestLine);
    this.#lines.push(...pieces.slice(-keptLines).map((line) => line.replace(/\r$/, '')));
    if (this.#lines.length > keptLines) this.#lines = this.#lines.slice(-keptLines);
  }

  /** The kept lines, including an unfinished last one. */
  get lines(): string[] {
    return this.#partial === '' ? [...this.#lines] : [...this.#lines, this.#partial].slice(-keptLines);
  }

  /** What an error quotes. */
  get quote(): string {
    return this.lines.slice(-quotedLines).join('\n').slice(0, quotedCharacters);
  }
}
