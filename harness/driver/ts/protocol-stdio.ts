import type { FromDriver, ToDriver } from '../protocol.ts';
import { LineSplitter } from '../split-lines.ts';

/**
 * Takes stdout for the protocol: anything else that writes to it (`console.log` of a library) goes to stderr from now
 * on. When nobody reads it any more, the harness is gone and the process exits. Otherwise the unhandled write error
 * would be observed as uncaught and written, causing the next one, forever.
 */
export function claimStdout(): (message: FromDriver) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stdout.on('error', () => process.exit(1));
  return (message) => void write(`${JSON.stringify(message)}\n`);
}

/** Yields each message of the harness until stdin ends. */
export async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<ToDriver> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk)) if (line.trim() !== '') yield JSON.parse(line) as ToDriver;
  }
}
