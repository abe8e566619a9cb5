import { stripVTControlCharacters } from 'node:util';
import { codePoints } from '../errors/cut-text.ts';
import { ByteBlocks } from './byte-blocks.ts';

/** How much of the end is kept, in bytes. */
const keptBytes = 1_048_576;
/** How many of the last lines are returned. */
const keptLines = 400;
/** How many of them an error quotes, and up to how many characters. */
const quotedLines = 40;
const quotedCharacters = 2000;

/** The end of what a process writes to stderr. It is decoded on request; bytes that are not UTF-8 are replaced. */
export class StderrTail {
  readonly #bytes = new ByteBlocks();

  push(chunk: Uint8Array): void {
    this.#bytes.push(chunk);
    this.#bytes.keepLast(keptBytes);
  }

  /** The last megabyte. */
  get text(): string {
    const bytes = this.#bytes.concat(new Uint8Array(0));
    const kept = bytes.subarray(-keptBytes);
    // The cut may have removed the first bytes of a character.
    const start = kept.length < bytes.length ? kept.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
    return new TextDecoder().decode(kept.subarray(Math.max(start, 0)));
  }

  /** The last lines, including an unfinished last one, without colours. */
  get lines(): string[] {
    const pieces = stripVTControlCharacters(this.text).split('\n');
    const unfinished = pieces.pop();
    const lines = pieces.map((line) => line.replace(/\r$/, ''));
    return (unfinished ? [...lines, unfinished] : lines).slice(-keptLines);
  }

  /** What an error quotes. */
  get quote(): string {
    return codePoints(this.lines.slice(-quotedLines).join('\n'), quotedCharacters);
  }
}
