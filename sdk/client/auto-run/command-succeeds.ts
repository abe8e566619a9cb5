import {
  amount,
  checkArgument,
  checkOptions,
  milliseconds,
  type RulesFor,
  text,
  texts,
  textsByName,
} from '../../options/check-options.ts';
import type { Until } from './options.ts';
import type { CommandSucceedsOptions } from './run-command.ts';

/**
 * An `until` of `Thread.autoRun()`: the run is done when this command of your program exits with 0. Otherwise the agent is told how the command ended and
 * the end of its output, without what looks like a secret. It runs without a shell, outside of the agent's sandbox. On Windows, name a program, not a
 * `.cmd` file: `commandSucceeds(process.execPath, ['--test'])`.
 * @throws TypeError, RangeError that names the option
 */
export function commandSucceeds(
  command: string,
  args: readonly string[] = [],
  options: CommandSucceedsOptions = {},
): Until {
  checkArgument('command', command);
  checkArgument('args', args, texts);
  checkOptions('commandSucceeds', options, rules);
  return async (_, { signal }) => {
    const { runCommand } = await import('./run-command.ts');
    return await runCommand(command, args, options, signal);
  };
}

const rules: RulesFor<CommandSucceedsOptions> = {
  cwd: text,
  env: textsByName,
  timeoutMs: milliseconds,
  outputLimit: amount,
};
