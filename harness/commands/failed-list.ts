import { stripVTControlCharacters } from 'node:util';

/** Failures as read of a list: a line each, and how many more there were. */
export interface FailedList {
  failures: string[];
  unnamed: number;
}

const title = 'Failed:';
const bullet = '  ✘ ';
const most = 40;
const longest = 300;

/** What failed and why, on one line. */
export const failure = (name: string, reason: string): string =>
  [name, reason].map(firstLine).filter(Boolean).join(': ');

/**
 * What a command prints directly before its last line, so that the end of its output says what failed. Nothing without a failure.
 * @param unnamed failures beside these
 */
export function failedList(failures: readonly string[], unnamed = 0): string[] {
  const left = Math.max(0, failures.length - most) + unnamed;
  if (failures.length + left === 0) return [];
  const shown = failures.slice(0, most).map((one) => `${bullet}${one}`);
  return [title, ...shown, ...(left > 0 ? [`  and ${left} more`] : [])];
}

/** Reads the last list of a command's output. */
export function readFailedList(lines: readonly string[]): FailedList {
  const at = lines.lastIndexOf(title);
  const list = at < 0 ? [] : lines.slice(at + 1);
  const end = list.findIndex((line) => !line.startsWith(bullet));
  const failures = list.slice(0, end < 0 ? undefined : end).map((line) => line.slice(bullet.length));
  return { failures, unnamed: Number(/^ {2}and (\d+) more$/.exec(list[end] ?? '')?.[1] ?? 0) };
}

/** The first line that says something, cut off where it is long. */
function firstLine(text: string): string {
  const lines = stripVTControlCharacters(text).split(/\r?\n/);
  const line = lines.map((one) => one.trim()).find((one) => one !== '') ?? '';
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
