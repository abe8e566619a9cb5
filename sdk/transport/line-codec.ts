import { isUtf8 } from 'node:buffer';
import { CodexError } from '../errors/codex-error.ts';

const newline = 0x0a;

/** In bytes. The memory that an engine can take by never ending its line is bounded by it. */
const longestLine = 256 * 1024 * 1024;

/** One line of the stream, without its end. `terminated` is false only for a last line that the stream's end cut off. */
export interface Line {
  text: string;
  terminated: boolean;
}

/**
 * Turns a stream of bytes into lines. Only `\n` ends a line, with one `\r` before it dropped: U+2028, U+2029 and U+0085
 * stand raw inside the engine's JSON strings, and `node:readline` splits there on some versions of Node.
 *
 * A line may arrive in any number of chunks, split inside a character too, and be of any size: its bytes are joined and
 * decoded once, when it is complete, so the time is linear.
 */
export class LineDecoder {
  readonly #longest: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  /** @param longest bytes of a line that is not ended yet */
  constructor(longest = longestLine) {
    this.#longest = longest;
  }

  /**
   * Takes a chunk; yields the lines that it completes.
   * @throws CodexError at the first line that is not UTF-8, after the lines before it have been yielded; and for a line that is too long
   */
  *push(chunk: Uint8Array): Generator<Line, void, void> {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      this.#hold(chunk);
      return;
    }
    const complete = this.#join(chunk.subarray(0, end));
    this.#hold(chunk.subarray(end + 1));
    // One check and one decoding for all lines of the chunk: four times as fast as line by line.
    if (isUtf8(complete)) {
      for (const text of complete.toString('utf8').split('\n')) yield { text: withoutReturn(text), terminated: true };
      return;
    }
    for (let from = 0; from <= complete.length; ) {
      const stop = complete.indexOf(newline, from);
      const line = complete.subarray(from, stop < 0 ? complete.length : stop);
      yield { text: decode(line), terminated: true };
      from += line.length + 1;
    }
  }

  /** The stream has ended: yields the last line if it has no `\n`. */
  *end(): Generator<Line, void, void> {
    const rest = this.#join(new Uint8Array(0));
    if (rest.length > 0) yield { text: decode(rest), terminated: false };
  }

  #hold(piece: Uint8Array): void {
    if (piece.length > 0) this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes <= this.#longest) return;
    this.#held = [];
    throw new CodexError(`a line from the Codex process is longer than ${this.#longest} bytes`, { kind: 'protocol' });
  }

  #join(last: Uint8Array): Buffer {
    const pieces = [...this.#held, last];
    this.#held = [];
    this.#heldBytes = 0;
    return Buffer.concat(pieces);
  }
}

function decode(line: Buffer): string {
  if (!isUtf8(line)) {
    const seen = line.subarray(0, 200).toString('latin1');
    throw new CodexError(`could not read a line from the Codex process: it is not UTF-8: ${JSON.stringify(seen)}`, {
      kind: 'protocol',
    });
  }
  return withoutReturn(line.toString('utf8'));
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
