// @ts-check
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { expectedGot } from './expected-got.mjs';

const block = 512;
/** The longest text of a header (a long path). A package never needs more. */
const maxMeta = 1 << 20;

/** This is not an archive, or it is cut off. */
export class TarError extends Error {}

/** The archive contains something that is neither a file nor a folder, or that is outside of it. */
export class UnsafeTarEntry extends Error {
  /** @param {string} path @param {string} message */
  constructor(path, message) {
    super(message);
    this.path = path;
  }
}

/**
 * A file in an archive.
 * @typedef {object} TarFile
 * @property {string} path with `/`, as in the archive: relative, without `..`
 * @property {boolean} executable
 * @property {number} size bytes
 * @property {AsyncIterable<Buffer>} body may be left unread; read it before you ask for the next file
 */

/**
 * Reads a `.tgz` file by file, in one pass and without storing it.
 * @param {string} file
 * @param {(bytes: number) => void} [onRead] how much of the file has been read
 * @returns {AsyncGenerator<TarFile, void, void>} folders are left out
 * @throws {TarError} if it is cut off or damaged
 * @throws {UnsafeTarEntry} if it contains what a package never does
 */
export async function* readTarball(file, onRead) {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  if (onRead) source.on('data', () => onRead(source.bytesRead));
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* readTar(source.pipe(gunzip));
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/**
 * The files of a tar archive (ustar, GNU and pax names).
 * @param {AsyncIterable<Buffer>} archive
 * @returns {AsyncGenerator<TarFile, void, void>}
 * @throws {UnsafeTarEntry} for a path that leads outside, a link, a device, a FIFO
 * @throws {TarError} for something that is not a whole archive
 */
export async function* readTar(archive) {
  const bytes = new Bytes(archive);
  let longPath;
  for (;;) {
    if (await bytes.ended()) throw new TarError('it ends without an end mark');
    const header = await bytes.take(block);
    // Two empty blocks mark the end; some writers omit the second.
    if (header.every((byte) => byte === 0)) return bytes.finish();
    checkSum(header);
    const size = numberAt(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'x' || type === 'g' || type === 'L') {
      if (size > maxMeta) throw new TarError(`a header of ${size} bytes`);
      const meta = (await bytes.take(padded(size))).subarray(0, size);
      if (type !== 'g') longPath = type === 'L' ? cString(meta) : (paxPath(meta) ?? longPath);
      continue;
    }
    const path = longPath ?? headerPath(header);
    longPath = undefined;
    checkPath(path);
    const isFile = type === '0' || type === '\0';
    if (!isFile && type !== '5') throw new UnsafeTarEntry(path, `${path} is not a file (type ${JSON.stringify(type)})`);
    const body = bytes.chunks(size);
    if (isFile) yield { path, executable: (numberAt(header, 100, 8) & 0o111) !== 0, size, body };
    for await (const _ of body); // What the caller has left.
    await bytes.take(padded(size) - size);
  }
}

/** Reads exact numbers of bytes from a stream. */
class Bytes {
  /** @param {AsyncIterable<Buffer>} source */
  constructor(source) {
    this.source = source[Symbol.asyncIterator]();
    /** @type {Buffer} */
    this.rest = Buffer.alloc(0);
  }

  /** Whether nothing is left. */
  async ended() {
    while (this.rest.length === 0) {
      const { done, value } = await this.source.next();
      if (done === true) return true;
      this.rest = value;
    }
    return false;
  }

  /** @param {number} size */
  async take(size) {
    const parts = [];
    for await (const part of this.chunks(size)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** @param {number} size @returns {AsyncGenerator<Buffer, void, void>} */
  async *chunks(size) {
    for (let left = size; left > 0; ) {
      if (await this.ended()) throw new TarError('it is cut off');
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Reads the rest, which shows whether the stream is complete: its checksum comes last. */
  async finish() {
    for (let next = await this.source.next(); next.done !== true; ) next = await this.source.next();
  }
}

/** @param {number} size */
const padded = (size) => Math.ceil(size / block) * block;

/** @param {Buffer} field */
const cString = (field) => field.toString('utf8').replace(/\0.*$/s, '');

/** @param {Buffer} header @param {number} at @param {number} length */
function numberAt(header, at, length) {
  const field = header.subarray(at, at + length);
  const first = field[0] ?? 0;
  const text = cString(field).trim();
  // GNU's form for numbers that do not fit in octal.
  const value =
    first & 0x80
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, first & 0x7f)
      : Number(/^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : Number.NaN);
  if (Number.isSafeInteger(value)) return value;
  throw new TarError(`a header with the number ${JSON.stringify(text)}`);
}

/** @param {Buffer} header */
function checkSum(header) {
  const got = numberAt(header, 148, 8);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== got) throw new TarError(expectedGot('reading a header', `the checksum ${sum}`, `${got}`));
}

/** @param {Buffer} header */
function headerPath(header) {
  const prefix = cString(header.subarray(257, 262)) === 'ustar' ? cString(header.subarray(345, 500)) : '';
  const name = cString(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The records are `LENGTH key=value\n`. @param {Buffer} meta */
function paxPath(meta) {
  for (let at = 0; at < meta.length; ) {
    const length = Number.parseInt(meta.subarray(at, at + 10).toString(), 10);
    if (!(length > 0)) throw new TarError('an extended header that cannot be read');
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(meta.subarray(at, at + length).toString('utf8')) ?? [];
    if (key === 'path') return value;
    at += length;
  }
  return undefined;
}

/** @param {string} path */
function checkPath(path) {
  const leaves = path.split(/[\\/]/).includes('..') || /^[\\/]|\\|\0|^[A-Za-z]:/.test(path);
  if (leaves || path === '') throw new UnsafeTarEntry(path, `the path ${JSON.stringify(path)}, which leaves it`);
}
