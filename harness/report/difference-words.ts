import type { Difference } from '../compare/compare.ts';

/** What is so of a path that differs. */
export const differenceWords: Readonly<Record<Difference['kind'], string>> = {
  changed: 'differs',
  missing: 'is missing',
  extra: 'is extra',
};
