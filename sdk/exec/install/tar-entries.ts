import { expectedGot } from '../../../native/expected-got.mjs';

const block = 512;
const file = '0';
const folder = '5';
/** A record about the next entry, or about all of them. */
const longName = 'L';
const paxEntry = 'x';
const paxAll = 'g';
/** Far more than any name needs. */
const longestRecord = 1_048_576;

/**
 * One file of an archive. Call `read` and read it to its end before you ask for the next entry; otherwise its content
 * is skipped.
 */
export interface TarFile {
  /** With `/`, as in the archive. */
  name: string;
  read(): AsyncGenerator<Buffer, void, undefined>;
}

/** This is not an archive, or it is cut off. */
export class TarError extends Error {}

/** The archive contains something that is neither a file nor a folder, or that is outside of it. */
export class UnsafeTarEntry extends Error {}

/**
 * The files of a tar archive (ustar, GNU and pax names).
 * @throws UnsafeTarEntry for a name that leads outside, a link, a device, a FIFO
 * @throws TarError for something that is not an archive
 */
export async function* tarFiles(bytes: AsyncIterable<Buffer>): AsyncGenerator<TarFile, void, undefined> {
  const source = new ByteSource(bytes);
  let nameAhead: string | undefined;
  for (;;) {
    const header = await source.take(block);
    if (header === undefined) throw new TarError('it ends without an end mark');
    // Two empty blocks mark the end; some writers omit the second.
    if (header.every((byte) => byte === 0)) return source.finish();
    checkSum(header);
    const size = number(header, 124, 12);
    const type = String.fromCharCode(header[156] || file.charCodeAt(0));
    const padding = (block - (size % block)) % block;
    if (type === longName || type === paxEntry || type === paxAll) {
      if (size > longestRecord) throw new TarError(`a name of ${size} bytes`);
      const record = (await source.need(size)).toString('utf8');
      await source.need(padding);
      if (type === longName) nameAhead = record.replace(/\0.*$/s, '');
      else if (type === paxEntry) nameAhead = paxPath(record) ?? nameAhead;
      continue;
    }
    const name = nameAhead ?? headerName(header);
    nameAhead = undefined;
    if ((type !== file && type !== folder) || leadsOut(name)) throw new UnsafeTarEntry(name);
    let left = size;
    async function* read(): AsyncGenerator<Buffer, void, undefined> {
      while (left > 0) {
        const chunk = await source.some(left);
        left -= chunk.length;
        yield chunk;
      }
    }
    if (type === file) yield { name, read };
    for await (const _ of read()) {
      // What was not read is skipped.
    }
    await source.need(padding);
  }
}

function leadsOut(name: string): boolean {
  return name === '' || /^[\\/]|^[A-Za-z]:|\0/.test(name) || name.split(/[\\/]/).includes('..');
}

function text(header: Buffer, from: number, length: number): string {
  return header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
}

function headerName(header: Buffer): string {
  const prefix = text(header, 257, 6) === 'ustar' ? text(header, 345, 155) : '';
  return prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
}

function number(header: Buffer, from: number, length: number): number {
  // GNU's form for numbers that do not fit in octal.
  const first = header[from] ?? 0;
  const value =
    first & 0x80
      ? header.subarray(from + 1, from + length).reduce((sum, byte) => sum * 256 + byte, first & 0x7f)
      : Number.parseInt(text(header, from, length).trim() || '0', 8);
  if (Number.isSafeInteger(value)) return value;
  throw new TarError(`the number ${JSON.stringify(text(header, from, length))}`);
}

function checkSum(header: Buffer): void {
  const seen = number(header, 148, 8);
  const wanted = header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (seen !== wanted) throw new TarError(expectedGot('reading a header', `the checksum ${wanted}`, `${seen}`));
}

/** Records are `LENGTH key=value\n`; the length is in bytes and includes itself. */
function paxPath(records: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records)?.[1];
}

/** A stream, read in the amounts you ask for. */
class ByteSource {
  readonly #bytes: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  /** Some of the next bytes: at least one, at most `most`. @throws TarError at the end of the stream */
  async some(most: number): Promise<Buffer> {
    while (this.#held.length === 0) {
      const next = await this.#bytes.next();
      if (next.done) throw new TarError('it is cut off');
      this.#held = next.value;
    }
    const chunk = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(chunk.length);
    return chunk;
  }

  /** @throws TarError if fewer bytes are left */
  async need(length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let left = length; left > 0; ) {
      const chunk = await this.some(left);
      chunks.push(chunk);
      left -= chunk.length;
    }
    return Buffer.concat(chunks);
  }

  /** Undefined if the stream has ended. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#held.length === 0) {
      const next = await this.#bytes.next();
      if (next.done) return undefined;
      this.#held = next.value;
    }
    return this.need(length);
  }

  /** Reads the rest, which shows whether the stream is complete: its checksum comes last. */
  async finish(): Promise<void> {
    for (let next = await this.#bytes.next(); !next.done; ) next = await this.#bytes.next();
  }
}
