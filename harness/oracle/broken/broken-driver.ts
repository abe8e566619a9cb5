/**
 * `broken-driver.ts NAME`: the driver of our SDK, or of an exec SDK, with one deliberate bug (`breaks.ts`); `none` has none. As in the driver itself, stdout is
 * claimed before the SDK is imported.
 */
import { claimStdout, readMessages } from '../../driver/ts/protocol-stdio.ts';

const write = claimStdout();
const [{ sdkAdapter }, { serve }, { breaks }] = await Promise.all([
  import('../../driver/ts/sdk-adapter.ts'),
  import('../../driver/ts/serve.ts'),
  import('./breaks.ts'),
]);
const name = process.argv[2] ?? '';
const chosen = Object.entries(breaks).find(([one]) => one === name)?.[1];
if (chosen === undefined && name !== 'none') {
  throw new Error(`the break is ${JSON.stringify(name)}, wanted none or one of ${Object.keys(breaks).join(', ')}`);
}
const adapter = chosen?.client === undefined ? sdkAdapter : await execAdapterOf(chosen.client);
await serve(chosen?.apply(adapter) ?? adapter, readMessages(process.stdin), write);
process.stderr.write('', () => process.exit(0));

async function execAdapterOf(client: string) {
  const [{ execAdapter }, { execClient }] = await Promise.all([
    import('../../driver/exec/exec-adapter.ts'),
    import('../../driver/exec/exec-clients.ts'),
  ]);
  return execAdapter(await execClient(client));
}
