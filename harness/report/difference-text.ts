import { writeJson } from '../../testing/json/write-json.ts';
import type { Difference } from '../compare/compare.ts';

/** What is wrong with a path that differs. */
export const differenceWords: Readonly<Record<Difference['kind'], string>> = {
  changed: 'differs',
  missing: 'is missing',
  extra: 'is extra',
};

/** Why a cell fails, on one line: its first difference, or the beginning of its reason. */
export const whyFailed = ({
  first,
  reason,
}: {
  first?: Pick<Difference, 'path' | 'kind'> | undefined;
  reason?: string | undefined;
}): string => (first === undefined ? (reason?.split('\n')[0] ?? '') : `${first.path} ${differenceWords[first.kind]}`);

const most = 300;

/** A JSON value on one line, its end cut off where it is long. */
export function shortValue(value: unknown): string {
  if (value === undefined) return '(absent)';
  const text = writeJson(value);
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}
