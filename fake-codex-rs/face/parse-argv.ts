import { FakeError } from '../fake-error.ts';

/** What the command line asks for. */
export type Command = { kind: 'version' } | { kind: 'app-server' };

const withValue = new Set(['-c', '--config', '--enable', '--disable']);
const serverFlags = new Set(['--strict-config', '--analytics-default-enabled', '--stdio']);

/**
 * Reads the engine's own arguments: `--version`, and `app-server` on stdio with `--config k=v` and feature switches before or behind it.
 * @throws FakeError (exit 2) with the engine's wording for what it does not know, and the fake's own for what only the engine can do.
 */
export function parseArgv(argv: readonly string[]): Command {
  let command: string | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    const [flag = '', inline] = splitFlag(word);
    if (command === undefined && (word === '--version' || word === '-V')) return { kind: 'version' };
    if (withValue.has(flag) || (command !== undefined && flag === '--listen')) {
      const value = inline ?? argv[++at];
      if (value === undefined) throw usage(`a value is required for '${flag} <VALUE>' but none was supplied`);
      if (flag === '--listen') checkListen(value);
    } else if (command !== undefined && serverFlags.has(word)) {
      // Accepted and without effect: the golden decides what is said.
    } else if (word.startsWith('-')) {
      throw usage(`unexpected argument '${word}' found`);
    } else if (command !== undefined) {
      throw usage(`unrecognized subcommand '${word}'`);
    } else if (word === 'app-server') {
      command = word;
    } else {
      throw usage(`unrecognized subcommand '${word}'; fake-codex-rs plays app-server alone`);
    }
  }
  if (command === undefined) throw usage('no subcommand was given; fake-codex-rs plays app-server alone');
  return { kind: 'app-server' };
}

function splitFlag(word: string): [string, string | undefined] {
  const sign = word.indexOf('=');
  return word.startsWith('--') && sign > 0 ? [word.slice(0, sign), word.slice(sign + 1)] : [word, undefined];
}

function checkListen(url: string): void {
  if (url === 'stdio://') return;
  const known = /^(unix:\/\/|ws:\/\/|off$)/.test(url);
  const reason = known ? 'fake-codex-rs replays over stdio alone' : `unsupported --listen URL \`${url}\``;
  throw usage(`invalid value '${url}' for '--listen <URL>': ${reason}; expected \`stdio://\``);
}

function usage(text: string): FakeError {
  return new FakeError(
    `error: ${text}\n\nUsage: codex [OPTIONS] <COMMAND> [ARGS]\n\nFor more information, try '--help'.`,
  );
}
