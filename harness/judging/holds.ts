import type { Rule } from './rules.ts';

/**
 * The branch of a rule: gives back whether it holds. The name is for the proof that each side of each branch has a test,
 * which takes them the other way; see `rules`.
 */
export const holds = (_rule: Rule, isSo: boolean): boolean => isSo;
