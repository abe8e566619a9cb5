import type { Output } from '../harness/commands/output.mjs';
import { interruptible } from './interruptible.ts';
import { main as program } from './main.ts';

/** `npx twinproof` in the repository, where `build` builds. */
export const main = (argv: readonly string[], output: Output): Promise<number> =>
  interruptible((signal) => program(argv, output, signal));
