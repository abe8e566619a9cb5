/** What a stage came to. */
export interface StageCounts {
  name: string;
  passed: number;
  failed: number;
  skipped?: number | undefined;
  durationMs: number;
}

/** `✔ unit: 4836 passed, 0 failed, 5 skipped (40.8 s)` */
export function stageLine({ name, passed, failed, skipped, durationMs }: StageCounts): string {
  const left = skipped ? `, ${skipped} skipped` : '';
  return `${failed === 0 ? '✔' : '✘'} ${name}: ${passed} passed, ${failed} failed${left} (${(durationMs / 1000).toFixed(1)} s)`;
}

/** Reads such a line; undefined for any other. */
export function readStageLine(line: string): StageCounts | undefined {
  const found = /^[✔✘] (\S+): (\d+) passed, (\d+) failed(?:, (\d+) skipped)? \((\d+\.\d) s\)$/.exec(line);
  if (found === null) return undefined;
  const [, name = '', passed, failed, skipped, seconds] = found;
  return {
    name,
    passed: Number(passed),
    failed: Number(failed),
    ...(skipped !== undefined && { skipped: Number(skipped) }),
    durationMs: 1000 * Number(seconds),
  };
}
