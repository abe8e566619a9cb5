import { closeSync } from 'node:fs';
import type { Channel } from './channel.ts';
import { LineReader } from './line-reader.ts';
import { now } from './wire-log.ts';

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
