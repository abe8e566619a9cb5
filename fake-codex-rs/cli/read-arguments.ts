import type { JsonObject } from '../exact-json.ts';
import { FakeError } from '../fake-error.ts';

/** One option of a command. */
export interface Option {
  /** `--json` */
  long: string;
  /** Another spelling with the same meaning. */
  alias?: string;
  /** `-m` */
  short?: string;
  /** The engine's name for its value (`MODEL`); absent if it takes none. */
  value?: string;
  /** The only values it accepts. */
  possible?: readonly string[];
  /** May be given several times; its values are a list. `greedy`: it takes every word up to the next option. */
  many?: true | 'greedy';
  /** One word may hold several values, separated by commas. */
  commas?: true;
}

/** What a command accepts. */
export interface Grammar {
  /** The lines after `Usage: `. */
  usage: string;
  options: readonly Option[];
  /** How many positional words are allowed. */
  positionals: number;
  /** Subcommands: the first word that is one ends the parsing. */
  commands?: readonly string[];
}

/**
 * What was given, by the property of each option (`--output-schema` → `outputSchema`): true, a text, or a list of
 * texts.
 */
export interface Arguments {
  options: JsonObject;
  positionals: string[];
  /** The subcommand and the words after it. */
  command?: { name: string; argv: string[] };
}

/**
 * Parses a command's words as the engine's own parser (clap) does: `--flag value`, `--flag=value`, `-fvalue`, `--`.
 * @throws FakeError (exit 2) in the engine's words for what the command does not accept
 */
export function readArguments(argv: readonly string[], grammar: Grammar): Arguments {
  const out: Arguments = { options: {}, positionals: [] };
  let only = false;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (only || !isFlag(word)) {
      if (!only && out.positionals.length === 0 && grammar.commands?.includes(word)) {
        return { ...out, command: { name: word, argv: argv.slice(at + 1) } };
      }
      if (out.positionals.length === grammar.positionals) throw tooMuch(word, grammar);
      out.positionals.push(word);
      continue;
    }
    if (word === '--') {
      only = true;
      continue;
    }
    const { option, inline } = found(word, grammar);
    if (option.value === undefined) {
      if (inline !== undefined)
        throw usage(`unexpected value '${inline}' for '${option.long}' found; no more were expected`, grammar);
      put(out.options, option, true, grammar);
      continue;
    }
    const words = inline === undefined ? [] : [inline];
    const following = () => argv[at + 1] !== undefined && !isFlag(argv[at + 1] as string);
    if (inline === undefined && following()) words.push(argv[++at] as string);
    while (inline === undefined && option.many === 'greedy' && words.length > 0 && following())
      words.push(argv[++at] as string);
    if (words.length === 0) {
      throw usage(
        `a value is required for '${named(option)}' but none was supplied${possible(option)}`,
        grammar,
        option.possible === undefined,
      );
    }
    for (const value of option.commas ? words.flatMap((one) => one.split(',')) : words) {
      if (option.possible !== undefined && !option.possible.includes(value)) {
        throw usage(`invalid value '${value}' for '${named(option)}'${possible(option)}`, grammar, false);
      }
      put(out.options, option, value, grammar);
    }
  }
  return out;
}

/** The property that holds an option's value. */
export const propertyOf = (long: string): string =>
  long.slice(2).replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase());

/** `-` alone is a word and means stdin. */
const isFlag = (word: string): boolean => word.startsWith('-') && word !== '-';

function found(word: string, grammar: Grammar): { option: Option; inline: string | undefined } {
  const long = word.startsWith('--');
  const sign = word.indexOf('=');
  const name = long ? (sign > 0 ? word.slice(0, sign) : word) : word.slice(0, 2);
  const option = grammar.options.find((one) => (long ? one.long === name || one.alias === name : one.short === name));
  if (option === undefined) {
    const tip = `\n\n  tip: to pass '${name}' as a value, use '-- ${name}'`;
    throw usage(`unexpected argument '${name}' found${grammar.positionals > 0 ? tip : ''}`, grammar);
  }
  if (long) return { option, inline: sign > 0 ? word.slice(sign + 1) : undefined };
  const rest = word.slice(2).replace(/^=/, '');
  return { option, inline: word.length > 2 ? rest : undefined };
}

function put(options: JsonObject, option: Option, value: string | true, grammar: Grammar): void {
  const key = propertyOf(option.long);
  const before = options[key];
  if (option.many) options[key] = [...(Array.isArray(before) ? before : []), value];
  else if (before === undefined) options[key] = value;
  else throw usage(`the argument '${named(option)}' cannot be used multiple times`, grammar);
}

const named = ({ long, value }: Option): string => (value === undefined ? long : `${long} <${value}>`);

const possible = ({ possible: values }: Option): string =>
  values === undefined ? '' : `\n  [possible values: ${values.join(', ')}]`;

function tooMuch(word: string, grammar: Grammar): FakeError {
  const what = grammar.commands !== undefined && grammar.positionals === 0 ? 'unrecognized subcommand' : undefined;
  return usage(what === undefined ? `unexpected argument '${word}' found` : `${what} '${word}'`, grammar);
}

/** A refusal of the command line in the engine's form. If it lists possible values, it omits the usage. */
export function usage(text: string, grammar: Pick<Grammar, 'usage'>, withUsage = true): FakeError {
  const lines = withUsage ? `\n\nUsage: ${grammar.usage}` : '';
  return new FakeError(`error: ${text}${lines}\n\nFor more information, try '--help'.`, { asEngine: true });
}

/** Options that every command accepts. */
export const commonOptions: readonly Option[] = [
  { long: '--config', short: '-c', value: 'key=value', many: true },
  { long: '--enable', value: 'FEATURE', many: true },
  { long: '--disable', value: 'FEATURE', many: true },
  { long: '--help', short: '-h' },
];
