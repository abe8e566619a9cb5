import { createHash } from 'node:crypto';
import type { ValueRule } from '../types.ts';

/** Longer than anything in a scenario that is not meant to be long. */
const longest = 65_536;

export const longText: ValueRule = {
  name: 'long-text',
  reason: 'a text of a million characters is compared by its hash, so that its golden can be read',
  apply(value) {
    if (typeof value !== 'string' || value.length <= longest) return undefined;
    const hash = createHash('sha256').update(value).digest('hex').slice(0, 16);
    return `<sha256:${hash} of ${value.length}>`;
  },
};
