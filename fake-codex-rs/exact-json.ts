/**
 * A number that a double does not hold (9007199254740993, 1e400, 0.1000000000000000000001, -0), as its text. The SDK's kit has one too; the fake
 * has its own, because what it shared with the SDK could not show the SDK's bugs.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For a program that writes it by `JSON.stringify` after all: it passes for no other number. */
  toJSON(): { $number: string } {
    return { $number: this.text };
  }
}

/** Reads JSON as `JSON.parse` does, but for numbers that a double does not hold. @throws SyntaxError as `JSON.parse` */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayLose.test(text) ? exact(text, value) : value;
}

/** The start of a number that may not survive: -0, 16 characters, an exponent. What it finds in a string does no harm. */
const mayLose = /-0|[\d.]{16}|\d[eE]/;

/** The numbers that a double does not hold stand in the text as strings that it has nowhere else; afterwards they are found by them. */
function exact(text: string, plain: unknown): unknown {
  let mark = '\u0001';
  // A control character stands in no JSON text but as an escape, and then not behind a quote.
  while (text.includes(`"${JSON.stringify(mark).slice(1, -1)}`)) mark += '\u0001';
  const quoted = JSON.stringify(mark).slice(0, -1);
  const parts: string[] = [];
  let from = 0;
  for (const [at, end] of numbersIn(text)) {
    const token = text.slice(at, end);
    if (isHeld(token)) continue;
    parts.push(text.slice(from, at), quoted, token, '"');
    from = end;
  }
  if (parts.length === 0) return plain;
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(visit);
    // Not by assignment: a member may be called __proto__.
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(JSON.parse([...parts, text.slice(from)].join('')));
}

/** Where the numbers of a JSON text stand. */
function* numbersIn(text: string): Generator<[at: number, end: number]> {
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '"') {
      for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      let end = at + 1;
      while (end < text.length && '0123456789.eE+-'.includes(text[end] as string)) end += 1;
      yield [at, end];
      at = end - 1;
    }
  }
}

function isHeld(token: string): boolean {
  const double = Number(token);
  return Number.isFinite(double) && !Object.is(double, -0) && decimal(token) === decimal(String(double));
}

/** One text for each value: `1.50e3` and `1500` are both `15e2`. */
function decimal(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = trimmed(whole + fraction);
  if (digits.text === '') return '0';
  const power = BigInt(exponent) + BigInt(digits.cut - fraction.length);
  return `${token.startsWith('-') ? '-' : ''}${digits.text}e${power}`;
}

/** Without the zeros at both ends; `cut` counts those at the right one. */
function trimmed(digits: string): { text: string; cut: number } {
  let [from, end] = [0, digits.length];
  while (digits[from] === '0') from += 1;
  while (end > from && digits[end - 1] === '0') end -= 1;
  return { text: digits.slice(from, end), cut: digits.length - end };
}

/** A value for a map: numbers of one value have one key, however they are written. */
export function keyOf(value: unknown): string {
  const number = numberText(value);
  if (number !== undefined) return decimal(number);
  return value === undefined ? 'nothing' : writeJson(value);
}

/** A number without a fraction. */
export const isWhole = (value: unknown): boolean =>
  Number.isInteger(value) || (value instanceof ExactNumber && !/e-/.test(decimal(value.text)));

const numberText = (value: unknown): string | undefined =>
  value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : undefined;

/** Whether two numbers have one value, however they are written. */
export function sameNumber(a: unknown, b: unknown): boolean {
  const [left, right] = [numberText(a), numberText(b)];
  return left !== undefined && right !== undefined && decimal(left) === decimal(right);
}

/** Writes JSON as `JSON.stringify` does, exact numbers by their digits. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('{"$number":') ? written(value) : text;
}

function written(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${written(inner)}`).join(',')}}`;
}

/**
 * A JSON value. The fake has its own types and readers: what it shared with the SDK could not reveal the SDK's bugs.
 */
export type JsonValue = null | boolean | number | string | ExactNumber | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A value for a sentence: its JSON, cut if it is long; `nothing` if there is none. */
export function shown(value: JsonValue | undefined, length = 120): string {
  if (value === undefined) return 'nothing';
  const text = writeJson(value);
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
