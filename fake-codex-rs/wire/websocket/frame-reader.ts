import { closeCode, opcode, ProtocolError } from './frame.ts';

/**
 * The longest frame that the engine accepts: it cuts the connection of a client that sends a longer one (0.171.0,
 * measured).
 */
export const longestFrame = 16 * 1024 * 1024;

/** A client's frame, unmasked. */
export interface Frame {
  fin: boolean;
  op: number;
  payload: Buffer;
}

interface Head {
  fin: boolean;
  op: number;
  mask: Buffer;
  length: number;
}

/**
 * Splits a client's bytes into frames, wherever the chunks end. A payload is copied once, whatever its size and its
 * chunks.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** Bytes of an incomplete header: at most 14. */
  #start: Buffer = Buffer.alloc(0);
  #head: Head | undefined;
  #payload: Buffer = Buffer.alloc(0);
  #filled = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws ProtocolError at the first frame that no client may send; nothing can be read after it */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 || this.#head?.length === this.#filled) {
      rest = this.#head === undefined ? this.#readHead(rest) : this.#readPayload(rest, this.#head);
    }
  }

  #readHead(chunk: Buffer): Buffer {
    const before = this.#start.length;
    const bytes = Buffer.concat([this.#start, chunk.subarray(0, 14 - before)]);
    const size = headSize(bytes);
    if (bytes.length < size) {
      this.#start = bytes;
      return chunk.subarray(bytes.length - before);
    }
    this.#head = head(bytes.subarray(0, size));
    this.#payload = Buffer.allocUnsafe(this.#head.length);
    this.#start = Buffer.alloc(0);
    return chunk.subarray(size - before);
  }

  #readPayload(chunk: Buffer, { fin, op, mask, length }: Head): Buffer {
    const count = Math.min(chunk.length, length - this.#filled);
    for (let at = 0; at < count; at += 1) {
      const to = this.#filled + at;
      this.#payload[to] = (chunk[at] as number) ^ (mask[to & 3] as number);
    }
    this.#filled += count;
    if (this.#filled === length) {
      const payload = this.#payload;
      this.#head = undefined;
      this.#filled = 0;
      this.#onFrame({ fin, op, payload });
    }
    return chunk.subarray(count);
  }
}

/** How long a header is, as far as its first bytes tell. */
function headSize(bytes: Buffer): number {
  if (bytes.length < 2) return 2;
  const length = (bytes[1] as number) & 0x7f;
  const masked = ((bytes[1] as number) & 0x80) !== 0;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (masked ? 4 : 0);
}

function head(bytes: Buffer): Head {
  const first = bytes[0] as number;
  const short = (bytes[1] as number) & 0x7f;
  const op = first & 0x0f;
  const fin = (first & 0x80) !== 0;
  if ((first & 0x70) !== 0) throw broken('a reserved bit is set, and no extension was agreed');
  if (!(Object.values(opcode) as number[]).includes(op)) throw broken(`there is no opcode ${op}`);
  if (((bytes[1] as number) & 0x80) === 0) throw broken('a frame of a client is not masked');
  if (op >= opcode.close && (!fin || short > 125))
    throw broken('a control frame is in fragments, or longer than 125 bytes');
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (length > longestFrame) {
    throw new ProtocolError(
      closeCode.tooBig,
      `a frame of ${length} bytes; the engine takes ${longestFrame} in one frame`,
    );
  }
  return { fin, op, mask: bytes.subarray(-4), length };
}

const broken = (text: string) => new ProtocolError(closeCode.protocolError, text);
