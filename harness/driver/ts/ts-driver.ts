/**
 * Entry point of the driver for our SDK (docs/driver-protocol.md). stdout is claimed before the SDK is imported, so
 * that what a library prints on import does not end up among the protocol's lines.
 */
import { noteTimers } from '../../../testing/held/timers.ts';
import { claimStdout, readMessages } from './protocol-stdio.ts';

const write = claimStdout();
noteTimers();
const { sdkAdapter } = await import('./sdk-adapter.ts');
const { serve } = await import('./serve.ts');
await serve(sdkAdapter, readMessages(process.stdin), write);
// What hangs in the client must not keep the driver alive: the harness has been told. stdout is written synchronously
// on pipes, except on Windows, where an empty write waits for the rest.
process.stderr.write('', () => process.exit(0));
