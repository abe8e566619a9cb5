import { closeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { LineReader, type WireLine } from './line-reader.ts';
import { now } from './wire-log.ts';

/** What connects a player and its client: the standard streams of this process, or one WebSocket connection. */
export interface Channel {
  /** Accepts lines: all bytes up to and including a newline are one message. */
  readonly output: Writable;
  /**
   * Starts reading.
   * @param onLine receives each message of the client, and when (in nanoseconds) its last bytes were read
   * @param onEnd called once, when the client will send nothing more
   */
  read(onLine: (line: WireLine, readAt: number) => void, onEnd: () => void): void;
  /** `false`: the client's bytes stay with the system, so that it notices a slow reader. */
  setReading(on: boolean): void;
  /** Makes it impossible for the client to write. */
  closeInput(): void;
  /** Resolves when the client will see the end of its input. */
  closeOutput(): Promise<void>;
}

/** The client that started this process. */
export function stdioChannel(): Channel {
  const { stdin, stdout } = process;
  return {
    output: stdout,
    read(onLine, onEnd) {
      let readAt = now();
      const lines = new LineReader((line) => onLine(line, readAt));
      stdin.on('data', (chunk: Buffer) => {
        readAt = now();
        lines.push(chunk);
      });
      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true;
        lines.end();
        onEnd();
      };
      stdin.once('end', end).on('error', end);
    },
    setReading(on) {
      if (on) stdin.resume();
      else stdin.pause();
    },
    closeInput() {
      stdin.removeAllListeners('end');
      stdin.destroy();
      // Node leaves the descriptors of standard streams open, so that a client would keep writing.
      closeSync(0);
    },
    async closeOutput() {
      await new Promise<void>((resolve) => stdout.write('', () => resolve()));
      closeSync(1);
    },
  };
}
