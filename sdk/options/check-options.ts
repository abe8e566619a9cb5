import { expectedGot } from '../../native/expected-got.mjs';

/** What an option may be. Undefined is always allowed: the option is then not given. */
export interface Rule<Nullable extends boolean = false> {
  /** With its article: `a string`. */
  expected: string;
  accepts(value: unknown): boolean;
  nullable: Nullable;
  /** The error, for an option with its own text. */
  refusal?: (name: string, value: unknown) => Error;
}

/** A rule for every option of a type: a new option without one does not compile. Null is allowed exactly where the type allows it. */
export type RulesFor<Options> = { readonly [K in keyof Options]-?: Rule<null extends Options[K] ? true : false> };
export type Rules = Readonly<Record<string, Rule<boolean>>>;

const rule = (expected: string, accepts: (value: unknown) => boolean): Rule => ({ expected, accepts, nullable: false });

/** The same, or null, which also means that the option is not given. */
export const orNull = ({ expected, accepts }: Rule): Rule<true> => ({ expected, accepts, nullable: true });

const isText = (value: unknown): value is string => typeof value === 'string';
/** NaN is none: no limit would ever be reached. */
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOfTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

/** For options that their own code refuses with its own text: sandboxes, approval modes. */
export const anything = rule('anything', () => true);
/** For options of existing programs, in which null means the same as nothing. */
export const lenient = ({ expected, accepts }: Rule): Rule =>
  rule(expected, (value) => value === null || accepts(value));

export const text = rule('a string', isText);
export const oneOf = (...words: readonly string[]): Rule =>
  rule(words.map((word) => `"${word}"`).join(' or '), (value) => words.some((word) => word === value));
export const flag = rule('true or false', (value) => typeof value === 'boolean');
export const milliseconds: Rule = {
  ...rule('a number of milliseconds', (value) => isNumber(value) && value >= 0),
  refusal: (name, value) => new RangeError(`${name} must be a number of milliseconds, 0 or more, not ${String(value)}`),
};
export const number = rule('a number', isNumber);
/** For the wire: JSON would write null for any other, which means that nothing was given. */
export const finite = rule('a finite number', Number.isFinite);
export const amount = rule('a number, 0 or more', (value) => isNumber(value) && value >= 0);
export const count = rule(
  'a whole number, 1 or more',
  (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && (value as number) >= 1),
);
export const callback = rule('a function', (value) => typeof value === 'function');
export const object = rule('an object', isObject);
export const texts = rule('an array of strings', isListOfTexts);
export const textOrTexts = rule('a string, or an array of strings', (value) => isText(value) || isListOfTexts(value));
export const textsByName = rule(
  'an object of strings',
  (value) => isObject(value) && Object.values(value).every((one) => one === undefined || isText(one)),
);
/** A signal from another implementation, such as a polyfill, is fine. */
export const signal = rule(
  'an AbortSignal',
  (value) =>
    isObject(value) &&
    'aborted' in value &&
    typeof value.aborted === 'boolean' &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function' &&
    'removeEventListener' in value &&
    typeof value.removeEventListener === 'function',
);

/**
 * Checks the options of a call before it does anything.
 * @param call its name: `Thread.run`
 * @throws TypeError that names the option, what was expected and what came
 */
export function checkOptions(call: string, options: unknown, rules: Rules): void {
  if (options === undefined) return;
  if (!isObject(options)) throw refused(`the options of ${call}`, 'an object', options);
  for (const [name, { expected, accepts, nullable, refusal }] of Object.entries(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || (nullable && value === null) || accepts(value)) continue;
    if (refusal) throw refusal(name, value);
    const advice = rules[name] === signal && value instanceof AbortController ? 'Pass its signal' : undefined;
    throw refused(`the option ${name} of ${call}`, expected, value, advice);
  }
}

/**
 * Checks a required argument.
 * @throws TypeError like `checkOptions`
 */
export function checkArgument(name: string, value: unknown, { expected, accepts }: Rule = text): void {
  if (!accepts(value)) throw refused(`the argument ${name}`, expected, value);
}

function refused(what: string, expected: string, value: unknown, advice?: string): TypeError {
  return new TypeError(expectedGot(`reading ${what}`, expected, shown(value), advice));
}

/** What was given, without its content, which may be secret and long. */
export function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `an object of the class ${name}` : 'an object';
}
