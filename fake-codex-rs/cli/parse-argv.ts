import { FakeError } from '../fake-error.ts';
import type { Listen } from './listen/listen.ts';
import { type ListenTarget, parseListenUrl } from './listen/listen-url.ts';
import { isWsFlag, wsFlagValue } from './listen/ws-auth.ts';

/** What the command line asks for. */
export type Command =
  | { kind: 'version' }
  | SideCommand
  | { kind: 'app-server' /** Absent on stdio. */; listen?: Listen };

/** A command other than the server. Whatever plays it reads its arguments. */
export interface SideCommand {
  kind: 'side';
  name: 'exec' | 'login' | 'logout' | 'generate-json-schema';
  argv: string[];
  /** Values of `--config` before it. */
  overrides: string[];
}

const known = 'fake-codex-rs plays app-server, exec, login and logout';
const withValue = new Set(['-c', '--config', '--enable', '--disable']);
const serverFlags = new Set(['--strict-config', '--analytics-default-enabled', '--stdio']);

/**
 * Parses the engine's own arguments: `--version`, and `app-server` with `--listen`, `--config k=v` and feature switches
 * before or after it.
 * @throws FakeError (exit 2) with the engine's wording for what it does not know, and with the fake's own for what only
 * the engine can do
 */
export function parseArgv(argv: readonly string[]): Command {
  let command: string | undefined;
  let target: ListenTarget = { kind: 'stdio' };
  const auth = new Map<string, string>();
  const overrides: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    const [flag = '', inline] = splitFlag(word);
    if (command === undefined && (word === '--version' || word === '-V')) return { kind: 'version' };
    if (withValue.has(flag) || (command !== undefined && (flag === '--listen' || isWsFlag(flag)))) {
      const value = inline ?? argv[++at];
      if (value === undefined) throw usage(`a value is required for '${flag} <VALUE>' but none was supplied`);
      if (flag === '--listen') target = parseListenUrl(value);
      else if (isWsFlag(flag)) auth.set(flag, wsFlagValue(flag, value));
      else if (flag === '-c' || flag === '--config') overrides.push(value);
    } else if (command !== undefined && serverFlags.has(word)) {
      // Accepted without effect: the golden decides what is said.
    } else if (word.startsWith('-')) {
      throw usage(`unexpected argument '${word}' found`);
    } else if (isSide(command, word)) {
      const name = word === 'e' ? 'exec' : (word as SideCommand['name']);
      return { kind: 'side', name, argv: argv.slice(at + 1), overrides };
    } else if (command !== undefined) {
      throw usage(`unrecognized subcommand '${word}'`);
    } else if (word === 'app-server') {
      command = word;
    } else {
      throw usage(`unrecognized subcommand '${word}'; ${known}`);
    }
  }
  if (command === undefined) throw usage(`no subcommand was given; ${known}`);
  return target.kind === 'stdio' ? { kind: 'app-server' } : { kind: 'app-server', listen: { target, auth } };
}

const isSide = (command: string | undefined, word: string): boolean =>
  command === undefined ? ['exec', 'e', 'login', 'logout'].includes(word) : word === 'generate-json-schema';

function splitFlag(word: string): [string, string | undefined] {
  const sign = word.indexOf('=');
  return word.startsWith('--') && sign > 0 ? [word.slice(0, sign), word.slice(sign + 1)] : [word, undefined];
}

function usage(text: string): FakeError {
  return new FakeError(
    `error: ${text}\n\nUsage: codex [OPTIONS] <COMMAND> [ARGS]\n\nFor more information, try '--help'.`,
  );
}
