import { isUtf8 } from 'node:buffer';
import { CodexError } from '../errors/codex-error.ts';
import { quoted } from '../errors/python-text.ts';
import { ByteBlocks } from './byte-blocks.ts';
import { JsonScanner } from './json-scanner.ts';
import { lineTooLong, longestLine, tooDeep } from './parse-json.ts';

const newline = 0x0a;

/**
 * In bytes: a longer line is looked at while it comes, so that one that is not JSON, or too deep, is refused at once and never put together. A
 * shorter one is parsed faster than that.
 */
const shortLine = 1024 * 1024;

/** As much of a long line is decoded for an error to quote, in bytes: with every one escaped, no error text cuts it again. */
const quotedBytes = 400;

/** One line of the stream, without its end. `terminated` is false only for a last line that the stream's end cut off. */
export interface Line {
  text: string;
  terminated: boolean;
}

/** What a decoder is told beside the bytes. */
export interface LineDecoderOptions {
  /** Bytes of the longest line. Default 256 MiB. */
  longest?: number;
  /** Makes the error for a long line that is not a JSON object, from its beginning. Default: as for a line of the app-server. */
  malformed?: (start: string) => Error;
}

/**
 * Turns a stream of bytes into lines. Only `\n` ends a line, with one `\r` before it dropped: U+2028, U+2029 and U+0085
 * stand raw inside the engine's JSON strings, and `node:readline` splits there on some versions of Node.
 *
 * A line may arrive in any number of chunks, split inside a character too, and be of any size up to the limit: its bytes are joined and
 * decoded once, when it is complete, so the time is linear. After an error nothing more is taken.
 */
export class LineDecoder {
  readonly #longest: number;
  readonly #malformed: (start: string) => Error;
  readonly #held = new ByteBlocks();
  /** Of the line that is held, once it is long. */
  #scanner: JsonScanner | undefined;
  #failed = false;

  constructor({ longest = longestLine, malformed = malformedLine }: LineDecoderOptions = {}) {
    this.#longest = longest;
    this.#malformed = malformed;
  }

  /** How many bytes wait for the end of their line. */
  get held(): number {
    return this.#held.length;
  }

  /**
   * Takes a chunk; yields the lines that it completes.
   * @throws CodexError at the first line that is not UTF-8, too long, too deep, or long and not a JSON object, after the lines before it
   */
  *push(chunk: Uint8Array): Generator<Line, void, void> {
    if (this.#failed) return;
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      this.#hold(chunk);
      return;
    }
    const complete = this.#held.concat(chunk.subarray(this.#completeLong(chunk), end));
    this.#release();
    yield* this.#lines(complete);
    this.#hold(chunk.subarray(end + 1));
  }

  /** The stream has ended: yields the last line if it has no `\n`. Of one that is long and cut off, the beginning. */
  *end(): Generator<Line, void, void> {
    if (this.#failed || this.#held.length === 0) return;
    const cut = this.#scanner?.complete === false;
    const text = cut ? this.#start(`${this.#held.length} bytes`) : this.#decode(this.#held.concat(new Uint8Array(0)));
    this.#release();
    yield { text, terminated: false };
  }

  *#lines(complete: Buffer): Generator<Line, void, void> {
    // One check and one decoding for all lines of the chunk: four times as fast as line by line.
    if (isUtf8(complete)) {
      for (const text of complete.toString('utf8').split('\n')) yield { text: withoutReturn(text), terminated: true };
      return;
    }
    for (let from = 0; from <= complete.length; ) {
      const stop = complete.indexOf(newline, from);
      const line = complete.subarray(from, stop < 0 ? complete.length : stop);
      yield { text: this.#decode(line), terminated: true };
      from += line.length + 1;
    }
  }

  #hold(piece: Uint8Array): void {
    this.#held.push(piece);
    if (this.#held.length > this.#longest) this.#fail(lineTooLong(this.#longest));
    if (this.#scanner) this.#scan(piece);
    else if (this.#held.length > shortLine) {
      this.#scanner = new JsonScanner();
      for (const block of this.#held.pieces()) this.#scan(block);
    }
  }

  /** The chunk ends the held line: if that is long, the rest of it is held and looked at, too. @returns how much of the chunk is held */
  #completeLong(chunk: Uint8Array): number {
    const rest = chunk.subarray(0, chunk.indexOf(newline));
    if (this.#held.length + rest.length <= shortLine) return 0;
    this.#hold(rest);
    if (!this.#scanner?.complete) this.#fail(this.#malformed(this.#start()));
    return rest.length;
  }

  #scan(bytes: Uint8Array): void {
    const problem = this.#scanner?.scan(bytes);
    if (problem !== undefined)
      this.#fail(problem === 'malformed' ? this.#malformed(this.#start()) : tooDeep(this.#start()));
  }

  #decode(line: Buffer): string {
    if (isUtf8(line)) return withoutReturn(line.toString('utf8'));
    const seen = JSON.stringify(line.subarray(0, 200).toString('latin1'));
    const message = `could not read a line from the Codex process: it is not UTF-8: ${seen}`;
    return this.#fail(new CodexError(message, { kind: 'protocol' }));
  }

  /** The beginning of the held line, and how long it is, for an error to quote. */
  #start(length = `more than ${shortLine} bytes`): string {
    const text = this.#held
      .pieces()[0]
      ?.toString('utf8', 0, quotedBytes)
      .replace(/\ufffd+$/, '');
    return `${text}… (${length})`;
  }

  #release(): void {
    this.#held.clear();
    this.#scanner = undefined;
  }

  #fail(error: Error): never {
    this.#failed = true;
    this.#release();
    throw error;
  }
}

function malformedLine(start: string): CodexError {
  return new CodexError(`Invalid JSON-RPC line: ${quoted(start)}`, { kind: 'protocol' });
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
