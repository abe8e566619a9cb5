import { idsIn } from '../../../normalise/bind-ids.ts';
import type { VolatileValue } from '../../../normalise/read-line.ts';
import type { NormalisedObservation } from '../../../normalise/types.ts';
import type { Observation, ObservationLine } from '../../../observation/types.ts';
import { changesOf, leastChange } from './change-leaf.ts';
import { placesOf, pointerTo, withPlace } from './places.ts';

/**
 * - `leaf`: a leaf with another value, or a key or an array element removed
 * - `presence`: a line removed or doubled
 * - `order`: two neighbours of one lane swapped
 * - `least`: a volatile value with the smallest change, as another run would have it; not an error, and not counted as
 * one
 */
export type TamperClass = 'leaf' | 'presence' | 'order' | 'least';

export interface Tampering {
  class: TamperClass;
  /** What was done. */
  how: string;
  /** Index of the line. */
  line: number;
  /** JSON pointer into the line; empty for the line itself. */
  path: string;
  lines: ObservationLine[];
}

export interface TamperInput {
  observation: Observation;
  /** Its normalised form, line by line. */
  reference: NormalisedObservation;
  /** Volatile values of a line. */
  volatile: (line: ObservationLine) => readonly VolatileValue[];
}

/** Every possible change to an observation, one at a time. Untouched lines are the same objects. */
export function* tamperingsOf({ observation: { lines }, reference, volatile }: TamperInput): Generator<Tampering> {
  const text = JSON.stringify(lines);
  const ids = [...new Set(idsIn(text))];
  const lone = (id: string) => text.indexOf(id) === text.lastIndexOf(id);
  for (const [index, line] of lines.entries()) {
    const golden = reference.lines[index];
    if (golden === undefined)
      throw new Error(
        `Tampering with line ${index} of ${reference.header.scenario}: normalising dropped lines of a hydrated golden`,
      );
    const changed = (one: ObservationLine) => lines.with(index, one);
    const volatileAt = new Map(volatile(line).map((one) => [pointerTo(one.path), one]));
    for (const { path, value, leaf } of placesOf(line, golden)) {
      const at = { line: index, path: pointerTo(path) };
      yield { class: 'leaf', how: 'removed', ...at, lines: changed(withPlace(line, path, undefined)) };
      if (!leaf) continue;
      for (const { how, value: other } of changesOf(value, volatileAt.get(at.path), ids)) {
        yield { class: 'leaf', how, ...at, lines: changed(withPlace(line, path, other)) };
      }
      const least = leastChange(value, volatileAt.get(at.path), lone);
      if (least !== undefined)
        yield { class: 'least', how: least.how, ...at, lines: changed(withPlace(line, path, least.value)) };
    }
    const whole = { line: index, path: '' };
    yield { class: 'presence', how: 'removed', ...whole, lines: lines.toSpliced(index, 1) };
    yield { class: 'presence', how: 'doubled', ...whole, lines: lines.toSpliced(index, 0, line) };
    const next = reference.lines.findIndex(({ lane }, later) => later > index && lane === golden.lane);
    const other = lines[next];
    if (other === undefined || JSON.stringify(reference.lines[next]) === JSON.stringify(golden)) continue;
    yield {
      class: 'order',
      how: 'swapped with the next of its lane',
      ...whole,
      lines: lines.with(index, other).with(next, line),
    };
  }
}
