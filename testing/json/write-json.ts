import { decimalOf, ExactNumber } from './exact-number.ts';

/** Writes JSON on one line, like `JSON.stringify`, with each `ExactNumber` as it was read. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most values contain no such number, and then nothing is faster.
  return text?.includes('{"$number":') ? write(value, (number) => number.text) : text;
}

/**
 * One text for each value: like `writeJson`, but numbers of the same value are the same text, however they were written.
 * The order of members counts.
 */
export function keyOfJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text?.includes('{"$number":') ? write(value, (number) => decimalOf(number) as string) : text;
}

function write(value: unknown, exact: (number: ExactNumber) => string): string {
  if (value instanceof ExactNumber) return exact(value);
  if (Array.isArray(value)) return `[${value.map((child) => write(child ?? null, exact)).join(',')}]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, child]) => child !== undefined);
  return `{${members.map(([key, child]) => `${JSON.stringify(key)}:${write(child, exact)}`).join(',')}}`;
}
