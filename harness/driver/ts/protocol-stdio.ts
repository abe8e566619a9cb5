import type { FromDriver, ToDriver } from '../protocol.ts';
import { LineSplitter } from '../split-lines.ts';

/**
 * Takes stdout for the protocol: whatever else writes there (`console.log` of a library) goes to stderr from now on. The process ends where
 * nobody reads it any more: the harness is gone. An unheard error would be observed as uncaught, and written, and be the next one, for ever.
 */
export function claimStdout(): (message: FromDriver) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stdout.on('error', () => process.exit(1));
  return (message) => void write(`${JSON.stringify(message)}\n`);
}

/** Each message of the harness, until stdin ends. */
export async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<ToDriver> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk)) if (line.trim() !== '') yield JSON.parse(line) as ToDriver;
  }
}
