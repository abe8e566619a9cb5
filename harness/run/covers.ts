import { isObject, textAt } from '../normalise/wire-facts.ts';
import type { ObservationLine } from '../observation/types.ts';

/** What a run exercised: methods of either direction, `item:VARIANT`. */
export function exercised(lines: readonly ObservationLine[]): Set<string> {
  const seen = new Set<string>();
  for (const line of lines) {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) continue;
    if (typeof line.msg.method === 'string') seen.add(line.msg.method);
    const item = textAt(line.msg.params, 'item', 'type');
    if (item !== undefined) seen.add(`item:${item}`);
  }
  return seen;
}

/** Names in `covers` that the run did not exercise. Faults are the script's own doing and are not read off the wire. */
export function notExercised(covers: readonly string[], lines: readonly ObservationLine[]): string[] {
  const seen = exercised(lines);
  return covers.filter((name) => !name.startsWith('fault:') && !seen.has(name));
}
