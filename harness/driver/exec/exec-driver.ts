/**
 * `exec-driver.ts CLIENT`: the driver for the TypeScript exec SDKs, with the interpreter of our SDK's driver
 * (docs/driver-protocol.md). stdout is claimed before an SDK is imported.
 */
import { noteTimers } from '../../../testing/held/timers.ts';
import { claimStdout, readMessages } from '../ts/protocol-stdio.ts';

const write = claimStdout();
noteTimers();
const [{ execClient }, { execAdapter }, { serve }] = await Promise.all([
  import('./exec-clients.ts'),
  import('./exec-adapter.ts'),
  import('../ts/serve.ts'),
]);
await serve(execAdapter(await execClient(process.argv[2])), readMessages(process.stdin), write);
process.stderr.write('', () => process.exit(0));
