import { readFileSync } from 'node:fs';

/** Texts as somebody says them, and as a golden has them: what all who write or read goldens agree on, the fake engine among them. */
export const placeholderWords = JSON.parse(
  readFileSync(new URL('../../../fixtures/placeholder-words.json', import.meta.url), 'utf8'),
) as readonly { text: string; golden: string }[];
