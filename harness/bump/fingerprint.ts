import { createHash } from 'node:crypto';
import type { Change } from './types.ts';

/** @param detail what else must be equal for it to be the same change: JSON; the order of its keys does not matter */
export function fingerprintOf({ source, what, place }: Pick<Change, 'source' | 'what' | 'place'>, detail?: unknown) {
  const text = canonicalText([source, what, place, detail ?? null]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** JSON with sorted keys: equal values give equal texts. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
