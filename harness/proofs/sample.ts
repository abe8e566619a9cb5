/** A choice of `count` entries in their order, the same for the same seed; all of them if there are no more. */
export function sample<T>(entries: readonly T[], count: number, seed: number): T[] {
  const random = seeded(seed);
  const ranked = entries.map((_, index) => ({ index, rank: random() })).sort((a, b) => a.rank - b.rank);
  const chosen = new Set(ranked.slice(0, count).map(({ index }) => index));
  return entries.filter((_, index) => chosen.has(index));
}

/** A number from 0 to below 1. */
export type Random = () => number;

/** Numbers that are the same for the same seed: a 32-bit counter, mixed (the mulberry32 scheme). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
