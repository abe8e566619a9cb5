import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { CodexError } from '../errors/codex-error.ts';
import { beginningOf } from '../errors/cut-text.ts';
import { quoted } from '../errors/python-text.ts';
import { ByteBlocks } from './byte-blocks.ts';
import { JsonScanner } from './json-scanner.ts';
import { lineTooLong, longestLine, tooDeep } from './parse-json.ts';

const newline = 0x0a;

/** In bytes. A longer line is read as a `LongLine`; a shorter one is parsed faster without it. */
const shortLine = 1024 * 1024;

/** One line of the stream, without its end. `terminated` is false only for a last line that the stream's end cut off. */
export interface Line {
  text: string;
  terminated: boolean;
}

export interface LineDecoderOptions {
  /** The longest line, in bytes. Default: 256 MiB. */
  longest?: number;
  /** Makes the error for a long line that is not a JSON object, from its beginning. Default: that of the app-server's lines. */
  malformed?: (start: string) => Error;
}

/**
 * Turns a stream of bytes into lines. Only `\n` ends a line, and one `\r` before it is dropped: U+2028, U+2029 and
 * U+0085 occur unescaped inside the engine's JSON strings, and `node:readline` splits there on some versions of Node.
 *
 * A line may arrive in any number of chunks, even split inside a character, and have any size up to the limit. Each
 * byte is copied and decoded once, so the time is linear. After an error, everything else is ignored.
 */
export class LineDecoder {
  readonly #longest: number;
  readonly #malformed: (start: string) => Error;
  /** What has arrived of a line that is still short. */
  readonly #held = new ByteBlocks();
  #long: LongLine | undefined;
  #failed = false;

  constructor({ longest = longestLine, malformed = malformedLine }: LineDecoderOptions = {}) {
    this.#longest = longest;
    this.#malformed = malformed;
  }

  /** How many bytes are waiting for the end of their line. */
  get held(): number {
    return this.#long?.length ?? this.#held.length;
  }

  /**
   * Takes a chunk and gives the lines it completes.
   * @throws CodexError at the first line that is not UTF-8, too long, too deep, or long and not a JSON object. The lines before it have been
   *   given.
   */
  push(chunk: Uint8Array): Iterable<Line> {
    return this.pushWhole(chunk)?.map(whole) ?? this.pushAny(chunk);
  }

  /**
   * Takes a chunk and gives the texts of the lines it completes, if nothing of it can fail: without an object or a step
   * of a generator for each line. Undefined if something can, or if it completes no line: give it to `pushAny()` then.
   */
  pushWhole(chunk: Uint8Array): string[] | undefined {
    const end = chunk.lastIndexOf(newline);
    const rest = chunk.length - end - 1;
    if (!this.#failed && end >= 0 && this.held + end <= shortLine && rest <= Math.min(shortLine, this.#longest)) {
      // Only the line that has begun before is put together; the others are decoded where they are.
      const first = this.#held.length > 0 ? chunk.indexOf(newline) : -1;
      const begun = first < 0 ? undefined : this.#held.concat(chunk.subarray(0, first));
      const complete = bufferOf(chunk, first + 1, Math.max(first, end));
      if (isUtf8(complete) && (!begun || isUtf8(begun))) {
        this.#held.clear();
        this.#hold(chunk.subarray(end + 1));
        const texts = first === end ? [] : textsOf(complete);
        if (begun) texts.unshift(withoutReturn(begun.toString('utf8')));
        return texts;
      }
    }
    return undefined;
  }

  /** As `push()`, for a chunk that `pushWhole()` has not taken. */
  *pushAny(chunk: Uint8Array): Generator<Line, void, void> {
    if (this.#failed) return;
    let from = 0;
    const first = chunk.indexOf(newline);
    if (first >= 0 && this.held + first > shortLine) {
      yield this.#completeLong(chunk.subarray(0, first));
      from = first + 1;
    }
    const end = chunk.lastIndexOf(newline);
    if (end >= from) {
      const complete = this.#held.concat(chunk.subarray(from, end));
      this.#held.clear();
      yield* this.#lines(complete);
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
  }

  /** The stream has ended: yields the last line if it has no `\n`. If a long line was cut off, yields its beginning. */
  *end(): Generator<Line, void, void> {
    if (this.#failed || this.held === 0) return;
    if (this.#long?.complete === false) {
      yield { text: this.#long.start(`${this.held} bytes`), terminated: false };
    } else {
      const text = this.#long?.text() ?? this.#decode(this.#held.concat(new Uint8Array(0)));
      yield { text: withoutReturn(text), terminated: false };
    }
    this.#release();
  }

  *#lines(complete: Buffer): Generator<Line, void, void> {
    // One check and one decoding for all lines of the chunk, which is four times as fast as line by line.
    if (isUtf8(complete)) {
      yield* textsOf(complete).map(whole);
      return;
    }
    for (let from = 0; from <= complete.length; ) {
      const stop = complete.indexOf(newline, from);
      const line = complete.subarray(from, stop < 0 ? complete.length : stop);
      yield { text: withoutReturn(this.#decode(line)), terminated: true };
      from += line.length + 1;
    }
  }

  #hold(piece: Uint8Array): void {
    if (this.held + piece.length > this.#longest) this.#fail(lineTooLong(this.#longest));
    if (this.#long) {
      this.#lengthen(this.#long, piece);
      return;
    }
    this.#held.push(piece);
    if (this.#held.length <= shortLine) return;
    this.#long = new LongLine();
    for (const block of this.#held.pieces()) this.#lengthen(this.#long, block);
    this.#held.clear();
  }

  #completeLong(rest: Uint8Array): Line {
    this.#hold(rest);
    if (!this.#long?.complete) return this.#refuse();
    const text = withoutReturn(this.#long.text());
    this.#long = undefined;
    return { text, terminated: true };
  }

  #lengthen(line: LongLine, bytes: Uint8Array): void {
    const problem = line.push(bytes);
    if (problem !== undefined) this.#refuse(problem);
  }

  #refuse(problem: 'malformed' | 'too deep' = 'malformed'): never {
    const start = this.#long?.start(`more than ${shortLine} bytes`) ?? '';
    return this.#fail(problem === 'malformed' ? this.#malformed(start) : tooDeep(start));
  }

  #decode(line: Buffer): string {
    if (isUtf8(line)) return line.toString('utf8');
    const seen = JSON.stringify(line.subarray(0, 200).toString('latin1'));
    const message = `could not read a line from the Codex process: it is not UTF-8: ${seen}`;
    return this.#fail(new CodexError(message, { kind: 'protocol' }));
  }

  #release(): void {
    this.#held.clear();
    this.#long = undefined;
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

/** A view of some bytes, which copies nothing. */
function bufferOf({ buffer, byteOffset }: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(buffer, byteOffset + from, Math.max(0, to - from));
}

function textsOf(complete: Buffer): string[] {
  const text = complete.toString('utf8');
  const texts = text.split('\n');
  return text.includes('\r') ? texts.map(withoutReturn) : texts;
}

const whole = (text: string): Line => ({ text, terminated: true });

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** How many bytes are decoded at a time. */
const pieceSize = 1024 * 1024;

/**
 * How many characters of a long line an error quotes: so few that no error text cuts them again, even if all are
 * escaped.
 */
const quotedCharacters = 400;

/**
 * A long line, read as it arrives. Each piece is checked and decoded at once, so that little is left to do at the end of the line, and a line that
 * is not a JSON object is never assembled.
 */
class LongLine {
  readonly #scanner = new JsonScanner();
  readonly #decoder = new StringDecoder('utf8');
  readonly #bytes = new ByteBlocks();
  readonly #texts: string[] = [];
  #length = 0;

  /** The length so far, in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Whether it is a whole JSON object so far. */
  get complete(): boolean {
    return this.#scanner.complete;
  }

  /** @returns what is wrong with it, as far as is known */
  push(bytes: Uint8Array): 'malformed' | 'too deep' | undefined {
    this.#length += bytes.length;
    this.#bytes.push(bytes);
    const problem = this.#scanner.scan(bytes);
    if (problem === undefined && this.#bytes.length >= pieceSize) this.#decode();
    return problem;
  }

  /** The whole text. Call it once, at the end. */
  text(): string {
    this.#decode();
    return this.#texts.join('');
  }

  /** The beginning, for an error to quote. @param length its length, in words */
  start(length: string): string {
    const text = this.#texts[0] ?? this.#bytes.pieces()[0]?.toString('utf8', 0, 4 * quotedCharacters) ?? '';
    return `${beginningOf(text, quotedCharacters)}… (${length})`;
  }

  #decode(): void {
    this.#texts.push(this.#decoder.write(this.#bytes.concat(new Uint8Array(0))));
    this.#bytes.clear();
  }
}
