import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Channel } from '../channel.ts';
import type { WireLine } from '../line-reader.ts';
import { now, type WireLog } from '../wire-log.ts';
import { closeCode, closeFrame, frame, opcode, ProtocolError } from './frame.ts';
import { type Frame, FrameReader } from './frame-reader.ts';

/**
 * A client over a WebSocket connection, after its upgrade. Like the engine, it answers a close frame by ending the
 * connection without a close frame of its own. Unlike the engine, it tells a client that broke the protocol why (a mark
 * in the log, and a close frame).
 * @param head what followed the upgrade in the same bytes
 */
export function websocketChannel(socket: Socket, head: Buffer, log: WireLog): Channel {
  return {
    output: new TextStream(socket),
    read(onLine, onEnd) {
      let readAt = now();
      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true;
        socket.end();
        onEnd();
      };
      const hear = (line: WireLine) => onLine(line, readAt);
      const messages = new MessageReader({
        onText: (text) => hear({ text }),
        onBinary: (bytes) => hear({ base64: bytes.toString('base64') }),
        onPing: (payload) => void (socket.writable && socket.write(frame(opcode.pong, payload))),
        onClose: end,
      });
      const take = (chunk: Buffer) => {
        readAt = now();
        try {
          // After the end, a client's bytes are read and discarded, so that the system does not answer them with a
          // reset.
          if (!ended) messages.push(chunk);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          log.write('mark', { mark: 'the client broke WebSocket', detail: error.message });
          if (socket.writable) socket.write(closeFrame(error.code, error.message));
          end();
        }
      };
      socket.on('end', end).on('error', end).on('close', end);
      if (head.length > 0) take(head);
      socket.on('data', take);
    },
    setReading(on) {
      if (on) socket.resume();
      else socket.pause();
    },
    // A connection has no half that only reads: a client that may not write to it has lost it.
    closeInput: () => void socket.destroy(),
    closeOutput: () => new Promise((resolve) => void socket.end(() => resolve())),
  };
}

/**
 * Sends lines as text messages without their newlines. A line written in pieces is one message in as many fragments,
 * which may end inside a character; a message stays open until its newline.
 */
export class TextStream extends Writable {
  readonly #socket: Socket;
  #open = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const frames: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      frames.push(this.#part(bytes.subarray(from, at), true));
      from = at + 1;
    }
    if (from < bytes.length) frames.push(this.#part(bytes.subarray(from), false));
    // What a client that has gone would have received is lost, as with a pipe.
    if (frames.length === 0 || !this.#socket.writable) done();
    else this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames), done);
  }

  #part(payload: Buffer, fin: boolean): Buffer {
    const op = this.#open ? opcode.continuation : opcode.text;
    this.#open = !fin;
    return frame(op, payload, fin);
  }
}

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
