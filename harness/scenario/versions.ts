/** Orders two engine versions: negative, zero or positive. A pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = a.split(/-(.*)/s);
  const [coreB = '', preB] = b.split(/-(.*)/s);
  return (
    numbers(coreA, coreB) ||
    (preA === undefined ? 1 : 0) - (preB === undefined ? 1 : 0) ||
    (preA === preB ? 0 : numbers(preA ?? '', preB ?? '') || ((preA ?? '') < (preB ?? '') ? -1 : 1))
  );
}

function numbers(a: string, b: string): number {
  const parse = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  const [left, right] = [parse(a), parse(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
