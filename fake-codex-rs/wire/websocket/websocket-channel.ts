import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Channel } from '../channel.ts';
import type { WireLine } from '../line-reader.ts';
import { now, type WireLog } from '../wire-log.ts';
import { closeFrame, frame, opcode, ProtocolError } from './frame.ts';
import { MessageReader } from './message-reader.ts';

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
