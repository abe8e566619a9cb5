// @ts-check
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const block = 512;
/** The longest text of a header (a long path). A package never needs more. */
const maxMeta = 1 << 20;

/**
 * A file in a tarball.
 * @typedef {object} TarFile
 * @property {string} path with `/`, relative, without `..`
 * @property {boolean} executable
 * @property {number} size bytes
 * @property {AsyncIterable<Buffer>} body may be left unread
 */

/**
 * Reads a `.tgz` file by file, in one pass and without storing it.
 * @param {string} file
 * @returns {AsyncGenerator<TarFile, void, void>} folders are left out
 * @throws {Error} if it is cut off or damaged, or contains what a package never does: a link, a device, a path that
 * leads outside
 */
export async function* readTarball(file) {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  source.on('error', (error) => gunzip.destroy(error));
  const bytes = new Bytes(source.pipe(gunzip));
  try {
    let longPath;
    for (;;) {
      const header = await bytes.take(block);
      if (header.every((byte) => byte === 0)) return;
      checkSum(header);
      const size = octal(header, 124, 12);
      const type = String.fromCharCode(header[156] ?? 0);
      if (type === 'x' || type === 'g' || type === 'L') {
        if (size > maxMeta) throw new Error(`a header of ${size} bytes`);
        const meta = (await bytes.take(padded(size))).subarray(0, size);
        if (type !== 'g') longPath = type === 'L' ? cString(meta) : (paxPath(meta) ?? longPath);
        continue;
      }
      const path = longPath ?? headerPath(header);
      longPath = undefined;
      checkPath(path);
      if (type === '5') continue;
      if (type !== '0' && type !== '\0') throw new Error(`${path} is not a file (type ${JSON.stringify(type)})`);
      const body = bytes.chunks(size);
      yield { path, executable: (octal(header, 100, 8) & 0o111) !== 0, size, body };
      for await (const _ of body); // What the caller has left.
      await bytes.take(padded(size) - size);
    }
  } finally {
    source.destroy();
    gunzip.destroy();
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

  async #more() {
    const { done, value } = await this.source.next();
    if (done === true) throw new Error('it ends in the middle');
    this.rest = value;
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
      if (this.rest.length === 0) await this.#more();
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
}

/** @param {number} size */
const padded = (size) => Math.ceil(size / block) * block;

/** @param {Buffer} field */
const cString = (field) => field.toString('utf8').replace(/\0.*$/s, '');

/** @param {Buffer} header @param {number} at @param {number} length */
function octal(header, at, length) {
  const text = cString(header.subarray(at, at + length)).trim();
  if (!/^[0-7]*$/.test(text)) throw new Error(`a header with the number ${JSON.stringify(text)}`);
  return Number.parseInt(text || '0', 8);
}

/** @param {Buffer} header */
function checkSum(header) {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new Error('a header whose checksum is wrong');
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
    if (!(length > 0)) throw new Error('an extended header that cannot be read');
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(meta.subarray(at, at + length).toString('utf8')) ?? [];
    if (key === 'path') return value;
    at += length;
  }
  return undefined;
}

/** @param {string} path */
function checkPath(path) {
  const leaves = path.split('/').includes('..') || path.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(path);
  if (leaves || path === '') throw new Error(`the path ${JSON.stringify(path)}, which leaves it`);
}
