/** A choice of `count` entries in their order, the same for the same seed; all of them if there are no more. */
export function sample<T>(entries: readonly T[], count: number, seed: number): T[] {
  const random = generator(seed);
  const ranked = entries.map((_, index) => ({ index, rank: random() })).sort((a, b) => a.rank - b.rank);
  const chosen = new Set(ranked.slice(0, count).map(({ index }) => index));
  return entries.filter((_, index) => chosen.has(index));
}

/** Numbers in [0, 1): a 32-bit counter, mixed (the mulberry32 scheme). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
