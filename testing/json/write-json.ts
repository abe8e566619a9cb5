import { ExactNumber } from './exact-number.ts';

/** Writes JSON on one line, like `JSON.stringify`, with each `ExactNumber` as it was read. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most values contain no such number, and then nothing is faster.
  return text.includes('{"$number":') ? write(value) : text;
}

function write(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((child) => write(child ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, child]) => child !== undefined);
  return `{${members.map(([key, child]) => `${JSON.stringify(key)}:${write(child)}`).join(',')}}`;
}
