import { DriverFailure } from './failures.ts';

const turns = 5;

/**
 * Runs the garbage collector and the finalisers it wakes (`FinalizationRegistry`). Collection and finalisers each need
 * turns of the event loop. Rejects with DriverFailure if Node was started without `--expose-gc`.
 */
export async function collectGarbage(): Promise<void> {
  if (!globalThis.gc) throw new DriverFailure('drop: this driver was started without --expose-gc');
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  await new Promise((resolve) => setImmediate(resolve));
}
