import { isUtf8 } from 'node:buffer';
import { closeCode, opcode, ProtocolError } from './frame.ts';
import { type Frame, FrameReader } from './frame-reader.ts';

/** The longest message that the engine accepts, in fragments (0.171.0, measured). */
export const longestMessage = 64 * 1024 * 1024;

export interface MessageHandlers {
  onText(text: string): void;
  /** The engine accepts only text, and leaves such a message unanswered. */
  onBinary(bytes: Buffer): void;
  onPing(payload: Buffer): void;
  onClose(): void;
}

/** Joins the fragments of a client's messages. Nothing is read after a close frame. */
export class MessageReader {
  readonly #handlers: MessageHandlers;
  readonly #frames = new FrameReader((frame) => this.#take(frame));
  #parts: Buffer[] = [];
  #length = 0;
  /** The kind of the unfinished message. */
  #open: number | undefined;
  #closed = false;

  constructor(handlers: MessageHandlers) {
    this.#handlers = handlers;
  }

  /** @throws ProtocolError if the client breaks the protocol */
  push(chunk: Buffer): void {
    if (!this.#closed) this.#frames.push(chunk);
  }

  #take({ fin, op, payload }: Frame): void {
    if (this.#closed) return;
    switch (op) {
      case opcode.ping:
        this.#handlers.onPing(payload);
        return;
      case opcode.pong:
        return;
      case opcode.close:
        checkClose(payload);
        this.#closed = true;
        this.#handlers.onClose();
        return;
    }
    if (op === opcode.continuation && this.#open === undefined) throw broken('a continuation of no message');
    if (op !== opcode.continuation && this.#open !== undefined) throw broken('a message begins within another');
    this.#open ??= op;
    this.#parts.push(payload);
    this.#length += payload.length;
    if (this.#length > longestMessage) {
      throw new ProtocolError(
        closeCode.tooBig,
        `a message of more than ${longestMessage} bytes, the most that the engine takes`,
      );
    }
    if (fin) this.#whole(this.#open);
  }

  #whole(kind: number): void {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    this.#open = undefined;
    if (kind === opcode.binary) this.#handlers.onBinary(bytes);
    else if (isUtf8(bytes)) this.#handlers.onText(bytes.toString('utf8'));
    else throw new ProtocolError(closeCode.notUtf8, 'a text message is not UTF-8');
  }
}

function checkClose(payload: Buffer): void {
  if (payload.length === 0) return;
  const code = payload.length === 1 ? 0 : payload.readUInt16BE(0);
  const known = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  if (!known) throw broken(`a close frame with code ${code}`);
  if (!isUtf8(payload.subarray(2)))
    throw new ProtocolError(closeCode.notUtf8, 'the reason of a close frame is not UTF-8');
}

const broken = (text: string) => new ProtocolError(closeCode.protocolError, text);
