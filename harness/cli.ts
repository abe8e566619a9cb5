import { createInterface } from 'node:readline/promises';
import type { ArgsDef } from 'citty';
import { expectedGot } from '../native/expected-got.mjs';
import { commands } from './commands/all-commands.ts';
import type { Terminal } from './commands/context.ts';
import type { Output } from './commands/output.mjs';
import { asksForHelp, helpOf, readArguments, UsageError } from './commands/read-arguments.mjs';
import { githubRun } from './report/ci/github-run.ts';

type CommandName = keyof typeof commands;

/** What is used of citty's definition of a command. */
interface Command {
  meta: { name: string; description: string };
  args?: ArgsDef;
  run(context: { args: object; rawArgs: readonly string[] }): Promise<void>;
}

/**
 * `npm run parity [-- SUBCOMMAND] [OPTIONS]`. Without a subcommand it is `run`. Gives the exit code: 0 when all is well, 1 when something differs. Ctrl-C
 * ends what runs, in order, and gives 130.
 * @throws UsageError for a command line that cannot be understood, and whatever else stops a command
 */
export async function main(argv: readonly string[], output: Output): Promise<number> {
  const abort = new AbortController();
  const terminal: Terminal = {
    ...output,
    signal: abort.signal,
    ...(process.stdin.isTTY && process.stdout.isTTY && { ask: (question: string) => ask(question, abort.signal) }),
    github: githubRun(process.env),
  };
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted) terminal.note('ending what runs…');
    interrupted = true;
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  try {
    const code = await dispatch(argv, terminal);
    return interrupted ? 130 : code;
  } catch (error) {
    // What breaks because it was interrupted is no error of its own.
    if (interrupted) return 130;
    throw error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, interrupt);
  }
}

/** Yes or no, on the terminal; no when interrupted. */
async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // The interface takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = argv;
  const named = first !== undefined && !first.startsWith('-');
  if (named && !Object.hasOwn(commands, first))
    throw new UsageError(expectedGot('choosing the command', Object.keys(commands).join(', '), JSON.stringify(first)));
  const name = (named ? first : 'run') as CommandName;
  const rest = named ? argv.slice(1) : argv;
  let code = 1;
  const finish = (given: number) => {
    code = given;
  };
  const make = (one: CommandName) => commands[one](terminal, finish) as unknown as Command;
  const command = make(name);
  if (asksForHelp(rest)) {
    terminal.out(
      ...helpOf({ name: `npm run parity -- ${name}`, description: command.meta.description, args: command.args ?? {} }),
    );
    if (!named) terminal.out('', ...overview((Object.keys(commands) as CommandName[]).map((one) => make(one).meta)));
    return 0;
  }
  const { values, words } = readArguments(name, rest, command.args ?? {});
  await command.run({ args: { ...values, _: words }, rawArgs: rest });
  return code;
}

function overview(all: readonly Command['meta'][]): string[] {
  const width = Math.max(...all.map(({ name }) => name.length));
  return [
    'Subcommands; --help behind one shows its options:',
    ...all.map((one) => `  ${one.name.padEnd(width)}  ${one.description}`),
  ];
}
