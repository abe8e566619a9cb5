import { isObject } from '../../testing/json/json.ts';
import { holds } from '../judging/holds.ts';
import { textAt } from '../normalise/wire-facts.ts';
import type { ObservationLine } from '../observation/types.ts';

/** What a run exercised: methods of either direction, `item:VARIANT`. */
export function exercised(lines: readonly ObservationLine[]): Set<string> {
  const seen = new Set<string>();
  for (const line of lines) {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) continue;
    const { method, type } = line.msg;
    const name = line.run === undefined ? method : type;
    if (typeof name === 'string') seen.add(name);
    const item = line.run === undefined ? textAt(line.msg.params, 'item', 'type') : textAt(line.msg, 'item', 'type');
    if (item !== undefined) seen.add(`item:${item}`);
  }
  return seen;
}

/**
 * Names in `covers` that the run did not exercise. `faults`: the kinds of fault that it showed, undefined for those it
 * cannot show.
 */
export function notExercised(
  covers: readonly string[],
  lines: readonly ObservationLine[],
  faults: (kind: string) => boolean | undefined,
): string[] {
  const seen = exercised(lines);
  return covers.filter((name) =>
    name.startsWith('fault:')
      ? holds('fault-not-shown', faults(name.slice('fault:'.length)) === false)
      : holds('name-not-seen', !seen.has(name)),
  );
}
