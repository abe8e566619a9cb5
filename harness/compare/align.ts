/** Two lines that correspond to each other; one side is undefined if a line is missing or extra. */
export interface Pair<T> {
  expected: T | undefined;
  actual: T | undefined;
}

const equalScore = 3;
const likeScore = 2;
/**
 * Longer middles are aligned window by window, because the table grows with the product of both lengths (100,000 lines
 * against as many would need 40 GB).
 */
const windowLines = 2000;

/**
 * Aligns two sequences so that most equal lines meet, then most lines of the same kind. A dropped event is then one
 * missing line and not a difference in every line after it.
 */
export function align<T>(
  expected: readonly T[],
  actual: readonly T[],
  sameKind: (a: T, b: T) => boolean,
  equal: (a: T, b: T) => boolean,
): Pair<T>[] {
  let start = 0;
  while (start < expected.length && start < actual.length && equal(expected[start] as T, actual[start] as T))
    start += 1;
  let endE = expected.length;
  let endA = actual.length;
  while (endE > start && endA > start && equal(expected[endE - 1] as T, actual[endA - 1] as T)) {
    endE -= 1;
    endA -= 1;
  }
  const head = expected.slice(0, start).map((line, index) => ({ expected: line, actual: actual[index] as T }));
  const tail = expected.slice(endE).map((line, index) => ({ expected: line, actual: actual[endA + index] as T }));
  return [...head, ...inWindows(expected.slice(start, endE), actual.slice(start, endA), sameKind, equal), ...tail];
}

/**
 * The first half of each window is taken, and the next window begins where it ends: lines that moved by less than half
 * a window still meet.
 */
function inWindows<T>(
  expected: readonly T[],
  actual: readonly T[],
  sameKind: (a: T, b: T) => boolean,
  equal: (a: T, b: T) => boolean,
): Pair<T>[] {
  const pairs: Pair<T>[] = [];
  let e = 0;
  let a = 0;
  while (Math.max(expected.length - e, actual.length - a) > windowLines) {
    if (e < expected.length && a < actual.length && equal(expected[e] as T, actual[a] as T)) {
      pairs.push({ expected: expected[e++], actual: actual[a++] });
      continue;
    }
    const window = middle(expected.slice(e, e + windowLines), actual.slice(a, a + windowLines), sameKind, equal);
    for (const pair of window.slice(0, Math.ceil(window.length / 2))) {
      if (pair.expected !== undefined) e += 1;
      if (pair.actual !== undefined) a += 1;
      pairs.push(pair);
    }
  }
  for (const pair of middle(expected.slice(e), actual.slice(a), sameKind, equal)) pairs.push(pair);
  return pairs;
}

function middle<T>(
  expected: readonly T[],
  actual: readonly T[],
  sameKind: (a: T, b: T) => boolean,
  equal: (a: T, b: T) => boolean,
): Pair<T>[] {
  const width = actual.length + 1;
  const score = new Int32Array((expected.length + 1) * width);
  const worth = (e: number, a: number) => {
    const left = expected[e] as T;
    const right = actual[a] as T;
    return equal(left, right) ? equalScore : sameKind(left, right) ? likeScore : 0;
  };
  const at = (e: number, a: number) => score[e * width + a] as number;
  for (let e = expected.length - 1; e >= 0; e -= 1) {
    for (let a = actual.length - 1; a >= 0; a -= 1) {
      const together = worth(e, a);
      const best = Math.max(at(e + 1, a), at(e, a + 1), together > 0 ? together + at(e + 1, a + 1) : 0);
      score[e * width + a] = best;
    }
  }
  const pairs: Pair<T>[] = [];
  let e = 0;
  let a = 0;
  while (e < expected.length || a < actual.length) {
    const together = e < expected.length && a < actual.length ? worth(e, a) : 0;
    if (together > 0 && at(e, a) === together + at(e + 1, a + 1))
      pairs.push({ expected: expected[e++], actual: actual[a++] });
    else if (a >= actual.length || (e < expected.length && at(e, a) === at(e + 1, a)))
      pairs.push({ expected: expected[e++], actual: undefined });
    else pairs.push({ expected: undefined, actual: actual[a++] });
  }
  return pairs;
}
