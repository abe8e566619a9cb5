import { StringDecoder } from 'node:string_decoder';
import { ByteBlocks } from './byte-blocks.ts';
import { JsonScanner } from './json-scanner.ts';

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
export class LongLine {
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
    return `${text.slice(0, quotedCharacters)}… (${length})`;
  }

  #decode(): void {
    this.#texts.push(this.#decoder.write(this.#bytes.concat(new Uint8Array(0))));
    this.#bytes.clear();
  }
}
