import type { Output } from '../harness/commands/output.mjs';
import { asksForHelp, helpOf, readArguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { tellError } from '../harness/commands/tell-error.mjs';
import { EngineError } from '../native/engine-error.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import type { Command } from './command.ts';

/** `--json` of every command. */
const json = {
  type: 'boolean',
  description: 'Print the result as one line of JSON on stdout, and nothing else there',
} as const;

/** The commands of the package; each is loaded when it is called. */
export const packageCommands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor.ts')).doctor,
  install: async () => (await import('./install.ts')).install,
  verify: async () => (await import('./verify.ts')).verify,
  demo: async () => (await import('./demo.ts')).demo,
  acp: async () => (await import('./acp.ts')).acp,
  build: async () => (await import('./build-elsewhere.ts')).buildElsewhere,
};

const summaries: Readonly<Record<string, string>> = {
  doctor: 'Say which engine is used, where it was looked for, and whether it works',
  install: 'Install an engine for this user',
  verify: 'Prove that an engine is the one it claims to be',
  demo: 'Run one scripted turn with an approval and a command; needs no account, key or engine',
  acp: 'Serve Codex to an editor, as an agent of the Agent Client Protocol (stdin, stdout)',
  build: 'Build an engine from its source (in the repository only)',
};

const help = [
  'npx twinproof COMMAND [OPTIONS]',
  '',
  'Manages the engine of the Codex SDK.',
  '',
  ...Object.entries(summaries).map(([name, text]) => `  ${name.padEnd(10)}${text}`),
  `  ${'-h, --help'.padEnd(10)} this text; with a command, its options`,
  '',
  'Exit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.',
];

/**
 * The program `twinproof`.
 * @param argv without the program
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  commands: Readonly<Record<string, () => Promise<Command>>> = packageCommands,
): Promise<number> {
  const wantsJson = argv.includes('--json');
  const [name = '', ...rest] = argv;
  const reported: Record<string, unknown>[] = [];
  const quiet: Output = wantsJson ? { ...output, out: output.note, live: false, status: () => {} } : output;
  try {
    if (argv.length === 0 || name === '-h' || name === '--help') {
      output.out(...help);
      return argv.length === 0 ? 2 : 0;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) {
      const expected = Object.keys(commands).join(', ');
      throw new UsageError(expectedGot('reading the arguments of twinproof', expected, name, 'See --help'));
    }
    const command = await load();
    const args = { ...command.args, json };
    const full = `npx twinproof ${name}`;
    if (asksForHelp(rest)) {
      output.out(...helpOf({ name: full, description: command.description, args }));
      return 0;
    }
    const { values } = readArguments(`twinproof ${name}`, rest, args);
    const code = await command.run({ values, output: quiet, report: (result) => reported.push(result), signal });
    if (wantsJson) output.relay(JSON.stringify({ ok: code === 0, ...reported.at(-1) }));
    return code;
  } catch (error) {
    const interrupted = signal.aborted;
    quiet.status();
    const code = interrupted ? 130 : error instanceof UsageError ? 2 : 1;
    if (interrupted) output.note('interrupted');
    else tellError(error, output);
    if (wantsJson) {
      const { message } = error as Error;
      const kind =
        error instanceof EngineError ? error.kind : interrupted ? 'interrupted' : code === 2 ? 'usage' : 'failed';
      output.relay(JSON.stringify({ ok: false, ...reported.at(-1), error: { kind, message } }));
    }
    return code;
  }
}
