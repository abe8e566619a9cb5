import type { Writable } from 'node:stream';
import { LineReader } from '../wire/line-reader.ts';
import type { WireLog } from '../wire/wire-log.ts';

/** A longer line is logged only by its length: its bytes come from the script and need no evidence. */
const longestLogged = 4 * 1024 * 1024;

export interface Pieces {
  wrong: boolean;
  chunks: readonly number[] | 'every-byte';
  /** Awaited between the first piece and the others. */
  between?: (() => Promise<unknown>) | undefined;
}

/**
 * Writes bytes in the pieces that a script asks for. The log contains what the client gets: lines, wherever their bytes
 * came from. A line with bytes that are wrong on purpose is marked.
 */
export class FaultWriter {
  readonly #stream: Writable;
  readonly #lines: LineReader;
  #turn: Promise<void> = Promise.resolve();
  #gone = false;
  #wrong = false;
  #partial = false;

  constructor(stream: Writable, log: WireLog) {
    this.#stream = stream;
    this.#lines = new LineReader((line) => {
      const size = 'text' in line ? line.text.length : line.base64.length;
      const told = size > longestLogged ? { text: `<a line of ${size} characters>` } : line;
      const wrong = this.#wrong || size > longestLogged;
      log.write('in', { ...told, ...(line.partial && { partial: true }), ...(wrong && { wrong: true }) });
    });
    stream.on('error', () => {
      this.#gone = true;
    });
  }

  /** Resolves when the system has taken the bytes or the reader has gone. Complete writes never mix. */
  write(bytes: Buffer, pieces: Pieces): Promise<void> {
    const done = this.#turn.then(() => this.#write(bytes, pieces));
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Logs what was written of an unfinished line. */
  end(): void {
    if (this.#partial) this.#lines.end();
  }

  async #write(bytes: Buffer, { wrong, chunks, between }: Pieces): Promise<void> {
    let from = 0;
    for (const to of ends(bytes.length, chunks)) {
      const piece = bytes.subarray(from, to);
      if (from > 0 && from === firstEnd(bytes.length, chunks)) await between?.();
      from = to;
      // Logged before it is written: what a client has seen is always in the log.
      this.#wrong ||= wrong;
      this.#lines.push(piece);
      this.#partial = piece.at(-1) !== 10;
      if (!this.#partial) this.#wrong = false;
      else if (piece.includes(10)) this.#wrong = wrong;
      if (!this.#gone) await new Promise<void>((resolve) => this.#stream.write(piece, () => resolve()));
    }
  }
}

const firstEnd = (length: number, chunks: Pieces['chunks']): number =>
  Math.min(length, chunks === 'every-byte' ? 1 : (chunks[0] ?? length));

function ends(length: number, chunks: Pieces['chunks']): number[] {
  if (chunks === 'every-byte') return Array.from({ length }, (_, index) => index + 1);
  const out: number[] = [];
  let at = 0;
  for (const size of chunks) {
    at += size;
    if (at < length) out.push(at);
  }
  return [...out, length];
}
