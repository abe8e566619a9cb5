/** The first, and those after it that take no longer with what was taken before. */
export function withinMs<T extends { durationMs: number }>(all: readonly T[], mostMs: number): T[] {
  let ms = 0;
  return all.filter(({ durationMs }, at) => {
    if (at > 0 && ms + durationMs > mostMs) return false;
    ms += durationMs;
    return true;
  });
}
