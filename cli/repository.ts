import type { Output } from '../harness/commands/output.mjs';
import { interruptible } from './interruptible.ts';
import { packageCommands, main as program } from './main.ts';

/** The commands of the repository, where `build` builds. */
export const repositoryCommands = { ...packageCommands, build: async () => (await import('./build.ts')).build };

/** `npx twinproof` in the repository. */
export const main = (argv: readonly string[], output: Output): Promise<number> =>
  interruptible((signal) => program(argv, output, signal, repositoryCommands));
