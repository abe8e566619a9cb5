// @ts-check
import { parseArgs } from 'node:util';
import { expectedGot } from '../../native/expected-got.mjs';

/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  /** @param {string} message @param {{ cause?: unknown }} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/**
 * One option or word of a command, in citty's shape.
 * @typedef {object} Definition
 * @property {'string' | 'boolean' | 'positional' | 'enum'} [type]
 * @property {string} [description]
 * @property {string} [valueHint] what stands for the value in the help: `FILE`; `DIR...` for a word that may be many
 * @property {string | boolean} [default]
 * @property {boolean} [required] of a word
 * @property {boolean} [multiple] of an option: may be given several times, its values then joined by commas
 */

/** @typedef {Readonly<Record<string, Definition>>} Definitions */

/**
 * What a command was told: options and named words by name, and all words in order.
 * @typedef {{ values: Record<string, string | boolean | undefined>, words: string[] }} Arguments
 */

/**
 * The one reader of command lines. It refuses what it does not know: a misspelt `--client` would silently run everything.
 * @param {string} command its name, for the message
 * @param {readonly string[]} argv
 * @param {Definitions} definitions
 * @returns {Arguments}
 * @throws {UsageError} that says what was expected, and what could be meant
 */
export function readArguments(command, argv, definitions) {
  const { options, named } = split(definitions);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      options.map(([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string', multiple: true }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const refuse = (/** @type {string} */ expected, /** @type {string} */ got, advice = 'See --help') =>
    new UsageError(expectedGot(`reading the arguments of ${command}`, expected, got, advice));
  /** @type {Arguments} */
  const read = { values: {}, words: [] };
  for (const [name, definition] of options)
    if (definition.default !== undefined) read.values[name] = definition.default;
  /** @type {Set<string>} */
  const given = new Set();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      read.words.push(token.value);
      continue;
    }
    const definition = options.find(([name]) => name === token.name)?.[1];
    if (definition === undefined) {
      const known = options.map(([name]) => `--${name}`).join(', ') || 'no option';
      throw refuse(known, token.rawName);
    }
    const usage = `--${token.name} ${definition.valueHint ?? 'VALUE'}`;
    if (definition.type === 'boolean') {
      if (token.value !== undefined) throw refuse(`--${token.name} without a value`, JSON.stringify(token.value));
      read.values[token.name] = true;
      continue;
    }
    if (token.value === undefined || token.value === '') throw refuse(usage, 'no value');
    // `--json --out x` forgot a file; `--json=--out` says that it means it, and `-` alone is a value.
    if (!token.inlineValue && /^-./.test(token.value)) throw refuse(usage, `the option ${token.value} in its place`);
    if (given.has(token.name) && definition.multiple !== true) throw refuse(`${usage} once`, 'it several times');
    read.values[token.name] = given.has(token.name) ? `${read.values[token.name]},${token.value}` : token.value;
    given.add(token.name);
  }
  nameWords(read, named, definitions, refuse);
  return read;
}

/**
 * @param {Arguments} read @param {[string, Definition][]} named @param {Definitions} definitions
 * @param {(expected: string, got: string, advice?: string) => UsageError} refuse
 */
function nameWords({ values, words }, named, definitions, refuse) {
  for (const [at, [name, { required }]] of named.entries()) {
    const word = words[at];
    if (word === undefined && required === true) throw refuse(name, 'no such word');
    if (word !== undefined) values[name] = word;
  }
  const extra = words.slice(named.length);
  if (extra.length === 0 || named.some(([, { valueHint }]) => valueHint?.endsWith('...'))) return;
  const expected = named.length === 0 ? 'options alone' : `no more words than ${named.map(([name]) => name).join(' ')}`;
  throw refuse(expected, `the word ${extra.join(' ')}`, meant(words, extra, definitions));
}

/** What a shell has made several words of, or what wants its option before it. @param {string[]} words @param {string[]} extra @param {Definitions} definitions */
function meant(words, extra, definitions) {
  if (definitions['glob'] !== undefined) return `Try ${words.join(',')}`;
  if (definitions['scenario'] === undefined || words.length !== extra.length) return undefined;
  return `Try --scenario ${extra.join(',')}`;
}

/** @param {Definitions} definitions */
function split(definitions) {
  const all = Object.entries(definitions);
  return {
    options: all.filter(([, { type }]) => type !== 'positional'),
    named: all.filter(([, { type }]) => type === 'positional'),
  };
}

/** @param {readonly string[]} argv */
export const asksForHelp = (argv) => {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).some((word) => word === '-h' || word === '--help');
};

/**
 * The help of a command: how it is called, what it does, its options.
 * @param {{ name: string, description: string, args?: Definitions }} command name: as it is typed, `npm run bench --`
 * @returns {string[]} lines
 */
export function helpOf({ name, description, args = {} }) {
  const { options, named } = split(args);
  const rows = [
    ...named.map(([word, { description: text = '', valueHint = word }]) => [valueHint, text]),
    ...options.map(([option, { type, description: text = '', valueHint = 'VALUE' }]) => [
      type === 'boolean' ? `--${option}` : `--${option} ${valueHint}`,
      text,
    ]),
    ['-h, --help', 'this text'],
  ];
  const width = Math.max(...rows.map(([head = '']) => head.length));
  const shape = [
    name,
    ...named.map(([word, { required, valueHint = word }]) => (required ? valueHint : `[${valueHint}]`)),
  ];
  if (options.length > 0) shape.push('[OPTIONS]');
  return [
    shape.join(' '),
    '',
    ...description.split('\n'),
    '',
    ...rows.map(([head = '', text = '']) => `  ${head.padEnd(width)}  ${text}`.trimEnd()),
  ];
}
