import { inspect } from 'node:util';
import { expectedGot } from '../../../native/expected-got.mjs';
import { driverProtocolVersion, type FromDriver, type ToDriver } from '../protocol.ts';
import type { ClientAdapter } from './adapter.ts';
import { performRun } from './run.ts';

/** The life of a driver: hello, runs one after the other, until `exit` or the end of the messages. */
export async function serve(
  adapter: ClientAdapter,
  messages: AsyncIterable<ToDriver>,
  write: (message: FromDriver) => void,
): Promise<void> {
  const { id: client, version: clientVersion, clientInfo, capabilities } = adapter;
  write({
    type: 'hello',
    protocol: driverProtocolVersion,
    client,
    clientVersion,
    ...(clientInfo && { clientInfo }),
    capabilities,
  });
  for await (const message of messages) {
    if (message.type === 'exit') return;
    if (message.type !== 'run')
      throw new Error(expectedGot('reading a message of the harness', 'run or exit', inspect(message)));
    try {
      write(await performRun(adapter, message, write));
    } catch (error) {
      process.stderr.write(`${inspect(error)}\n`);
      write({ type: 'failed', run: message.run, message: String(error) });
    }
  }
}
