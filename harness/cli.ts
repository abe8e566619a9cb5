import { createInterface } from 'node:readline/promises';
import { type ArgsDef, defineCommand, renderUsage, runCommand as runParsed } from 'citty';
import { commands } from './commands/all-commands.ts';
import { UsageError } from './commands/arguments.ts';
import type { Terminal } from './commands/context.ts';
import { refuseUnknown } from './commands/refuse-unknown.ts';
import { githubRun } from './report/ci/github-run.ts';

type CommandName = keyof typeof commands;

/**
 * `npm run parity [-- SUBCOMMAND] [OPTIONS]`. Without a subcommand it is `run`. Gives the exit code: 0 when all is well, 1 when something
 * differs or failed, 2 for a command line that cannot be understood. Ctrl-C ends what runs, in order, and gives 130.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const terminal: Terminal = {
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
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
    const usage = error instanceof UsageError || (error as { name?: string }).name === 'CLIError';
    for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
      terminal.note(`${depth === 0 ? 'error' : '  because'}: ${at.message}`);
    }
    return usage ? 2 : 1;
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
  if (named && !(first in commands))
    throw new UsageError(`unknown command ${first}; known are ${Object.keys(commands).join(', ')}`);
  const rest = named ? argv.slice(1) : [...argv];
  let code = 1;
  const finish = (given: number) => {
    code = given;
  };
  const command = commands[(named ? first : 'run') as CommandName](terminal, finish);
  if (rest.includes('--help') || rest.includes('-h')) {
    const subCommands = Object.fromEntries(
      Object.entries(commands).map(([name, make]) => [name, make(terminal, finish)]),
    );
    const root = defineCommand({
      meta: { name: 'npm run parity --', description: 'Compare the Python and TypeScript SDKs' },
      subCommands,
    } as never);
    terminal.out(
      named
        ? await renderUsage(command as never, root)
        : `${await renderUsage(command as never)}\n\n${await renderUsage(root)}`,
    );
    return 0;
  }
  refuseUnknown(named ? first : 'run', rest, (command as { args?: ArgsDef }).args);
  await runParsed(command as never, { rawArgs: rest });
  return code;
}
