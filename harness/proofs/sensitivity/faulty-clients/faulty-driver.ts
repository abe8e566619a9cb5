import { expectedGot } from '../../../../native/expected-got.mjs';
/**
 * `faulty-driver.ts NAME`: the driver of our SDK, or of an exec SDK, with one deliberate bug (`faults.ts`); `none` has
 * none. As in the driver itself, stdout is claimed before the SDK is imported.
 */
import { noteTimers } from '../../../../testing/held/timers.ts';
import { claimStdout, readMessages } from '../../../driver/ts/protocol-stdio.ts';

const write = claimStdout();
noteTimers();
const [{ sdkAdapter }, { serve }, { faults }] = await Promise.all([
  import('../../../driver/ts/sdk-adapter.ts'),
  import('../../../driver/ts/serve.ts'),
  import('./faults.ts'),
]);
const name = process.argv[2] ?? '';
const chosen = Object.entries(faults).find(([one]) => one === name)?.[1];
if (chosen === undefined && name !== 'none') {
  throw new Error(
    expectedGot('starting a faulty client', `none or one of ${Object.keys(faults).join(', ')}`, JSON.stringify(name)),
  );
}
const adapter = chosen?.client === undefined ? sdkAdapter : await execAdapterOf(chosen.client);
await serve(chosen?.apply(adapter) ?? adapter, readMessages(process.stdin), write);
process.stderr.write('', () => process.exit(0));

async function execAdapterOf(client: string) {
  const [{ execAdapter }, { execClient }] = await Promise.all([
    import('../../../driver/exec/exec-adapter.ts'),
    import('../../../driver/exec/exec-clients.ts'),
  ]);
  return execAdapter(await execClient(client));
}
