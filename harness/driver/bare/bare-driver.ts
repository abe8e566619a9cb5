/** Entry point of the bare driver: the same protocol and interpreter as our SDK's (docs/driver-protocol.md). */
import { claimStdout, readMessages } from '../ts/protocol-stdio.ts';
import { serve } from '../ts/serve.ts';
import { bareAdapter } from './bare-adapter.ts';

const write = claimStdout();
await serve(bareAdapter, readMessages(process.stdin), write);
process.stderr.write('', () => process.exit(0));
