import type { Output } from '../harness/commands/output.mjs';
import type { Definitions } from '../harness/commands/read-arguments.mjs';

/** What a command does with its arguments. */
export interface CommandContext {
  values: Readonly<Record<string, string | boolean | undefined>>;
  /** For a person: nothing is printed on stdout with `--json`. */
  output: Output;
  /** What `--json` prints on stdout, in the end, as one line. */
  report(result: Readonly<Record<string, unknown>>): void;
  signal: AbortSignal;
}

export interface Command {
  description: string;
  args: Definitions;
  /** @returns the exit code */
  run(context: CommandContext): Promise<number>;
}
