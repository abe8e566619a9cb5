import type { Difference } from '../compare/compare.ts';

/** What is wrong with a path that differs. */
export const differenceWords: Readonly<Record<Difference['kind'], string>> = {
  changed: 'differs',
  missing: 'is missing',
  extra: 'is extra',
};
