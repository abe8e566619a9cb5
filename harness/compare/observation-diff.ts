import type { JsonValue } from '../../testing/json/json.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Difference } from './compare.ts';
import { structuralDiff } from './structural-diff.ts';

/**
 * What differs between a golden and an observation, for people: lane by lane, each line that is missing (`-`), too many (`+`) or changed (`~`), and
 * of a changed one what changed in it.
 * @param differences as `compare` found them
 * @returns lines; empty where there are none
 */
export function observationDiff(
  golden: NormalisedObservation,
  actual: NormalisedObservation,
  differences: readonly Difference[],
): string[] {
  const lines: string[] = [];
  const told = new Set<string>();
  let lane: string | undefined;
  for (const difference of differences) {
    const { kind, ch, key, expectedLine, actualLine } = difference;
    const name = `${difference.lane} ${expectedLine} ${actualLine}`;
    const left = expectedLine === undefined ? undefined : golden.lines[expectedLine];
    const right = actualLine === undefined ? undefined : actual.lines[actualLine];
    const changed = kind === 'changed' && left !== undefined && right !== undefined;
    // The leaves of one line stand together in its tree.
    if (changed && told.has(name)) continue;
    told.add(name);
    if (difference.lane !== lane) lines.push(`lane ${difference.lane}`);
    lane = difference.lane;
    if (changed)
      lines.push(`  ~ ${ch} ${key}`, ...structuralDiff(left.body, right.body).map((line) => `      ${line}`));
    else lines.push(`  ${lineOf(difference)}`);
  }
  return lines;
}

/** A line that one side lacks, or a fault of the run, which is no line of either. */
function lineOf({ kind, ch, key, path, expected, actual }: Difference): string {
  const name = kind === 'changed' ? path : `${ch} ${key}`;
  const [change = `${name}`] = structuralDiff(pair(name, expected), pair(name, actual));
  return change;
}

const pair = (name: string, value: JsonValue | undefined): JsonValue => (value === undefined ? {} : { [name]: value });
