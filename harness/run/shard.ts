import { expectedGot } from '../../native/expected-got.mjs';
import { holds } from '../judging/holds.ts';
/** One of several parts of a run, counted from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** Parses `2/4`. @throws RangeError if the text is anything else */
export function parseShard(text: string): Shard {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (holds('shard-out-of-range', index === undefined || shard.index > shard.count))
    throw new RangeError(expectedGot('reading the shard', 'I/N with 1 ≤ I ≤ N, as 2/4', JSON.stringify(text)));
  return shard;
}

/** Every `count`th entry, from the `index`th. */
export const partOf = <T>(entries: readonly T[], { index, count }: Shard): T[] =>
  entries.filter((_, at) => holds('shard-has', at % count === index - 1));

export const describeShard = ({ index, count }: Shard): string => `${index}/${count}`;

/**
 * The scenarios of a shard: every Nth of the sorted ones, so that neighbours with similar costs (the cases of one file)
 * are spread over all shards. All cells of a scenario stay together, because only all of them show whose difference it
 * is.
 */
export function scenariosOf<T extends { id: string }>(scenarios: readonly T[], shard: Shard): T[] {
  const sorted = [...scenarios].sort((a, b) => (a.id < b.id ? -1 : 1));
  return partOf(sorted, shard);
}
