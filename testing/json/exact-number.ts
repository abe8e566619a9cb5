import { oneClassInAllCopies } from '../../native/one-class.mjs';
/**
 * A number in a JSON text that a double cannot hold: 9007199254740993, 1e400, 0.1000000000000000000001, -0. Two are
 * equal if their texts are, also for `isDeepStrictEqual` and `toEqual`. `writeJson` writes them as they were read.
 */
export class ExactNumber {
  /** The number as written in the JSON text. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether `other` is an exact number with the same text. */
  equals(other: unknown): boolean {
    return other instanceof ExactNumber && other.text === this.text;
  }

  /** The number as written in the JSON text. */
  toString(): string {
    return this.text;
  }

  /** For `JSON.stringify`, which cannot write digits in Node 20: a value that equals no number and no text. */
  toJSON(): { $number: string } {
    return { $number: this.text };
  }
}

/** The number in a JSON token: a double if it holds the same value, otherwise its text. */
export function numberOf(token: string): number | ExactNumber {
  const double = Number(token);
  // Fifteen digits always survive in a double. `JSON.stringify` would write -0 as 0.
  const held = token.length <= 15 && /^-?\d+$/.test(token) ? !Object.is(double, -0) : sameValue(token, double);
  return held ? double : new ExactNumber(token);
}

function sameValue(token: string, double: number): boolean {
  return Number.isFinite(double) && !Object.is(double, -0) && decimal(token) === decimal(String(double));
}

/** Whether both are numbers with the same value, however they are written: `1e400` and `10e399`, `-0` and `0`. */
export function sameNumber(a: unknown, b: unknown): boolean {
  const [left, right] = [decimalOf(a), decimalOf(b)];
  return left !== undefined && left === right;
}

/** One text for each value; undefined if it is not a number. */
export function decimalOf(value: unknown): string | undefined {
  if (value instanceof ExactNumber) return decimal(value.text);
  return typeof value === 'number' ? decimal(String(value)) : undefined;
}

/**
 * One text for each decimal value, however it is written: digits without outer zeros, and the power of ten of the last
 * one.
 */
function decimal(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = withoutLeadingZeros(whole + fraction);
  if (digits === '') return '0';
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  // A double would round an exponent of its own length; of one that no memory holds, the text is as good.
  if (exponent.length > 1000) return token;
  return `${sign}${digits.slice(0, end)}e${BigInt(exponent) + BigInt(digits.length - end - fraction.length)}`;
}

function withoutLeadingZeros(digits: string): string {
  let from = 0;
  while (digits.charCodeAt(from) === 48) from += 1;
  return digits.slice(from);
}

oneClassInAllCopies({ ExactNumber });
