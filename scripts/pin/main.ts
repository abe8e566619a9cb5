import path from 'node:path';
import type { Output } from '../../harness/commands/output.mjs';
import type { Arguments } from '../../harness/commands/read-arguments.mjs';
import { engineLockFile } from '../../native/engine-lock.mjs';
import { addEngine } from './add-engine.ts';

/** `npm run pin -- VERSION [--pin]`. Exit code 0: the lock has it; 1: it could not be had, and the lock is as it was. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const { version, pin } = values as { version: string; pin?: boolean };
  const abort = new AbortController();
  const stop = (name: NodeJS.Signals) => abort.abort(new Error(`interrupted by ${name}; the lock is as it was`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  const added = await addEngine(version, {
    root: path.join(import.meta.dirname, '../..'),
    lockFile: engineLockFile(),
    env: process.env,
    pin: pin === true,
    log: (line) => output.note(line),
    signal: abort.signal,
  });
  output.out(added);
  return 0;
}
