import { isUtf8 } from 'node:buffer';
import { ByteBlocks } from '../transport/byte-blocks.ts';
import { longestLine } from '../transport/parse-json.ts';
import { closeCode, FrameError, opcode } from './frames.ts';

/** What a server says. */
export interface Heard {
  onText(text: string): void;
  onPing(payload: Buffer): void;
  onPong(): void;
  /** The last thing that is heard. `code` is undefined if the frame has none. */
  onClose(code: number | undefined, reason: string): void;
}

interface Head {
  fin: boolean;
  op: number;
  length: number;
}

/**
 * Reads the messages of a server from its bytes, wherever frames and chunks end. What is read of an unfinished message
 * is kept in blocks: a length that a server only claims takes no memory, and the time is linear.
 */
export class MessageReader {
  readonly #heard: Heard;
  readonly #longest: number;
  /** Bytes of an incomplete header. */
  #start: Buffer = Buffer.alloc(0);
  #head: Head | undefined;
  /** What has come of a payload that no chunk holds whole. */
  readonly #payload = new ByteBlocks();
  /** The fragments of the unfinished message; undefined between messages. */
  #message: ByteBlocks | undefined;
  #over = false;

  /** @param longest the longest message, in bytes */
  constructor(heard: Heard, longest = longestLine) {
    this.#heard = heard;
    this.#longest = longest;
  }

  /** Whether the bytes so far end in the middle of a frame or of a message. */
  get isCut(): boolean {
    return !this.#over && (this.#start.length > 0 || this.#head !== undefined || this.#message !== undefined);
  }

  /** @throws FrameError at the first frame that no server may send; nothing can be read after it */
  push(chunk: Buffer): void {
    let rest = chunk;
    // A frame without a payload is whole as soon as its header is.
    while (!this.#over && (rest.length > 0 || this.#head?.length === 0)) {
      try {
        rest = this.#head ? this.#readPayload(rest, this.#head) : this.#readHead(rest);
      } catch (error) {
        this.#end();
        throw error;
      }
    }
  }

  #readHead(chunk: Buffer): Buffer {
    const before = this.#start.length;
    const bytes = before === 0 ? chunk.subarray(0, 10) : Buffer.concat([this.#start, chunk.subarray(0, 10 - before)]);
    const short = (bytes[1] ?? 0) & 0x7f;
    const size = bytes.length < 2 || short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < size) {
      // A copy: the chunk behind it may be large.
      this.#start = Buffer.from(bytes);
      return chunk.subarray(bytes.length - before);
    }
    this.#start = Buffer.alloc(0);
    this.#head = this.#checked(bytes, short);
    return chunk.subarray(size - before);
  }

  #checked(bytes: Buffer, short: number): Head {
    const first = bytes[0] as number;
    const op = first & 0x0f;
    const fin = (first & 0x80) !== 0;
    if ((first & 0x70) !== 0) throw broken('a frame with a reserved bit, although no extension was agreed');
    if ((bytes[1] as number) & 0x80) throw broken('a masked frame');
    if (op === opcode.binary) throw new FrameError(closeCode.unsupported, 'a binary message');
    if (!(Object.values(opcode) as number[]).includes(op)) throw broken(`a frame of the unknown kind ${op}`);
    if (op >= opcode.close && (!fin || short > 125))
      throw broken('a control frame in fragments, or of more than 125 bytes');
    if (op === opcode.text && this.#message) throw broken('a message inside another one');
    if (op === opcode.continuation && !this.#message) throw broken('a fragment of no message');
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (op < opcode.close && (this.#message?.length ?? 0) + length > this.#longest)
      throw new FrameError(closeCode.tooBig, `a message of more than ${this.#longest} bytes`);
    return { fin, op, length };
  }

  #readPayload(chunk: Buffer, head: Head): Buffer {
    const missing = head.length - this.#payload.length;
    const piece = chunk.subarray(0, missing);
    if (piece.length === missing && this.#payload.length === 0) this.#take(head, piece);
    else {
      this.#payload.push(piece);
      if (this.#payload.length === head.length) this.#take(head, this.#payload.concat(Buffer.alloc(0)));
    }
    return chunk.subarray(piece.length);
  }

  #take({ fin, op }: Head, payload: Buffer): void {
    this.#head = undefined;
    this.#payload.clear();
    if (op === opcode.ping) this.#heard.onPing(payload);
    else if (op === opcode.pong) this.#heard.onPong();
    else if (op === opcode.close) this.#close(payload);
    else if (!fin) {
      this.#message ??= new ByteBlocks();
      this.#message.push(payload);
    } else {
      const whole = this.#message ? this.#message.concat(payload) : payload;
      this.#message = undefined;
      this.#heard.onText(text(whole));
    }
  }

  #close(payload: Buffer): void {
    if (payload.length === 1) throw broken('a close frame with half a code');
    const code = payload.length === 0 ? undefined : payload.readUInt16BE(0);
    if (code !== undefined && !mayBeSent(code))
      throw broken(`a close frame with the code ${code}, which is never sent`);
    const reason = text(payload.subarray(2));
    this.#end();
    this.#heard.onClose(code, reason);
  }

  #end(): void {
    this.#over = true;
    this.#message = undefined;
    this.#payload.clear();
  }
}

/** RFC 6455, 7.4. */
const mayBeSent = (code: number): boolean =>
  (code >= 3000 && code < 5000) || (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code));

function text(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new FrameError(closeCode.notUtf8, 'a text that is not UTF-8');
  return bytes.toString('utf8');
}

const broken = (what: string): FrameError => new FrameError(closeCode.protocolError, what);
