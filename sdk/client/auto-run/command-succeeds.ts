import type { Until } from './options.ts';

/** Options of `commandSucceeds()`. */
export interface CommandSucceedsOptions {
  /** The folder that the command runs in. Default: that of your program. */
  cwd?: string | undefined;
  /** The environment of the command. Default: that of your program. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** How long it may take, in milliseconds; after that, it is ended and has failed. Default: 0, for as long as it takes. */
  timeoutMs?: number | undefined;
  /** How much of the end of its output the agent is told, in characters. Default: 8000. */
  outputLimit?: number | undefined;
}

/**
 * An `until` of `Thread.autoRun()`: the run is done when this command of your program exits with 0. Otherwise the agent is told how the command ended and
 * the end of its output, without what looks like a secret. It runs without a shell, outside of the agent's sandbox. On Windows, name a program, not a
 * `.cmd` file: `commandSucceeds(process.execPath, ['--test'])`.
 */
export function commandSucceeds(
  command: string,
  args: readonly string[] = [],
  options: CommandSucceedsOptions = {},
): Until {
  return async (_, { signal }) => {
    const { runCommand } = await import('./run-command.ts');
    return await runCommand(command, args, options, signal);
  };
}
