import { sameNumber } from '../../testing/json/exact-number.ts';
import { isObject, type JsonValue } from '../../testing/json/json.ts';

/** One differing leaf: `expected` or `actual` is absent if only the other side has it. */
export interface LeafDifference {
  /** JSON pointer. */
  path: string;
  expected?: JsonValue;
  actual?: JsonValue;
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Every leaf in which two JSON values differ, in key order. Arrays compare by index: if an order means nothing, that is
 * a normalising rule with a name. Our own function rather than a library's, because a ledger entry addresses one leaf
 * by this path.
 */
export function jsonDifferences(
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  path = '',
): LeafDifference[] {
  if (expected === actual || sameNumber(expected, actual)) return [];
  if (expected === undefined) return [{ path, actual: actual as JsonValue }];
  if (actual === undefined) return [{ path, expected }];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      jsonDifferences(expected[index], actual[index], `${path}/${index}`),
    ).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => jsonDifferences(expected[key], actual[key], `${path}/${escaped(key)}`));
  }
  return [{ path, expected, actual }];
}
