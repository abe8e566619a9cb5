import { buffer } from 'node:stream/consumers';
import { LineReader } from '../../wire/line-reader.ts';
import { now, type WireLog } from '../../wire/wire-log.ts';
import type { PromptSource } from './read-prompt.ts';

/** This process's stdin, logged by its lines as a server's input is. */
export function execInput(log: WireLog): PromptSource {
  return {
    isTerminal: process.stdin.isTTY === true,
    async read() {
      const readAt = now();
      const lines = new LineReader((line) => log.write('out', { ...line }, readAt));
      const bytes = await buffer(process.stdin);
      lines.push(bytes);
      lines.end();
      return bytes;
    },
    tell(text) {
      log.write('stderr', { text: `${text}\n` });
      process.stderr.write(`${text}\n`);
    },
  };
}
