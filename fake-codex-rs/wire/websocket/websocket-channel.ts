import type { Socket } from 'node:net';
import type { Channel } from '../channel.ts';
import type { WireLine } from '../line-reader.ts';
import { now, type WireLog } from '../wire-log.ts';
import { closeFrame, frame, opcode } from './frame.ts';
import { MessageReader } from './message-reader.ts';
import { ProtocolError } from './protocol-error.ts';
import { TextStream } from './text-stream.ts';

/**
 * A client over a WebSocket connection whose upgrade is done. As the engine does, it answers a close frame by ending the connection,
 * without a close frame of its own; unlike the engine, it tells a client that broke the protocol why (a mark in the log, and a close frame).
 * @param head what came behind the upgrade in the same bytes
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
          // After its end a client's bytes are read on for nothing, so that the system does not answer them with a reset.
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
    // A connection has no half that only reads: whoever may not write to it has lost it.
    closeInput: () => void socket.destroy(),
    closeOutput: () => new Promise((resolve) => void socket.end(() => resolve())),
  };
}
