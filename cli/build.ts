import { dirname } from 'node:path';
import { buildEngine } from '../native/build/build-engine.mjs';
import type { Command } from './command.ts';

/** `twinproof build`, which the package does not have. */
export const build: Command = {
  description: `Builds an engine from its source (the submodule native/codex) with the patches of native/patches/codex-rs: for development.
The published engine is verified, and the SDK prefers it to one of the same version that was built.
Prepare the machine with \`npm run bootstrap-rust\`. An engine for another Linux is built with docker.`,
  args: {
    version: { type: 'positional', valueHint: 'VERSION', description: 'Whose source is built (default: the pin)' },
    commit: {
      type: 'string',
      valueHint: 'COMMIT',
      description: 'The commit, where the lock has none: 40 hexadecimal digits',
    },
    target: {
      type: 'string',
      valueHint: 'TARGET',
      description: "The platform in Rust's words (default: this machine's own)",
    },
    docker: { type: 'boolean', description: 'Build in a container; needs neither rustup nor cargo' },
    print: { type: 'boolean', description: 'With docker: print its call, and make everything ready for it' },
  },
  run: async ({ values, output, report, signal }) => {
    const { version, commit, target, docker, print } = values as Record<string, string | undefined> & {
      docker?: boolean;
      print?: boolean;
    };
    const made = await buildEngine({
      root: dirname(import.meta.dirname),
      ...(version !== undefined && { version }),
      ...(commit !== undefined && { commit }),
      ...(target !== undefined && { target }),
      ...(docker === true && { docker }),
      ...(print === true && { print }),
      log: output.note,
      signal,
    });
    report({ ...made });
    if ('print' in made) output.out(made.print);
    else {
      output.out(
        `codex ${made.version} ${made.built ? 'is built' : 'was built already'}: ${made.path}`,
        `from ${made.commit} for ${made.target}, sha256 ${made.sha256}`,
      );
    }
    return 0;
  },
};
