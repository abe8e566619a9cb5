import { readFileSync } from 'node:fs';
import { isWsFlag } from './listen/ws-auth.ts';

const flag = '--api-key';

/** An argument list as it may be logged: without the key that an old client gives as an argument. */
export function withoutKey(argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    if (argv[at - 1] === flag) return '<key>';
    return word.startsWith(`${flag}=`) ? `${flag}=<key>` : word;
  });
}

/** The text of the file of `--output-schema`, which the client removes afterwards; undefined where there is none. */
export function outputSchemaOf(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--output-schema');
  const file = at < 0 ? undefined : argv[at + 1];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const withValue = new Set(['-c', '--config', '--enable', '--disable', '--listen']);
const parents = new Set(['app-server', 'login']);

/**
 * The command in an argument list: `app-server`, `app-server generate-json-schema`, `exec`, `login status`, `logout`.
 * Does not check it: a refused command line also has a command. Empty if there is none.
 * @param argv without the program
 */
export function commandOf(argv: readonly string[]): string {
  let command = '';
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (withValue.has(word) || isWsFlag(word)) at += 1;
    else if (!word.startsWith('-')) {
      if (command !== '') return `${command} ${word}`;
      command = word === 'e' ? 'exec' : word;
      if (command === 'exec' && argv[at + 1] === '--help') return 'exec --help';
      if (!parents.has(command)) return command;
    }
  }
  return command;
}

/** Whether a script has a part for this start of the engine: a server, or a run of `exec`. */
export const isStart = (command: string): boolean => command === 'app-server' || command === 'exec';
