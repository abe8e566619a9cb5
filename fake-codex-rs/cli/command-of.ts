import { isWsFlag } from './listen/ws-auth.ts';

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
      if (!parents.has(command)) return command;
    }
  }
  return command;
}

/** Whether a script has a part for this start of the engine: a server, or a run of `exec`. */
export const isStart = (command: string): boolean => command === 'app-server' || command === 'exec';
