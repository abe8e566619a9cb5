import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { frame, opcode } from './frame.ts';

/**
 * Says lines as text messages, without their newlines. A line that is written in pieces is one message in as many fragments, which
 * may end within a character; a message stays open until its newline comes.
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
    // What a client that has gone would have heard is lost on it, as a pipe's is.
    if (frames.length === 0 || !this.#socket.writable) done();
    else this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames), done);
  }

  #part(payload: Buffer, fin: boolean): Buffer {
    const op = this.#open ? opcode.continuation : opcode.text;
    this.#open = !fin;
    return frame(op, payload, fin);
  }
}
