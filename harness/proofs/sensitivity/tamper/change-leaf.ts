import type { JsonValue } from '../../../../testing/json/json.ts';
import { idsIn } from '../../../normalise/bind-ids.ts';
import type { VolatileValue } from '../../../normalise/read-line.ts';

/** Another value for a leaf, and how it was made. */
export interface Change {
  how: string;
  value: JsonValue;
}

const hourMs = 3_600_000;

/** The run's next other id: a wrong one that is right elsewhere. */
function otherId(id: string, ids: readonly string[]): string | undefined {
  const other = ids[(ids.indexOf(id) + 1) % ids.length];
  return other === id ? undefined : other;
}

/**
 * Other values for a leaf (an empty array or object counts as one). A time or a duration moves by an hour, because
 * another run of the same scenario moves it by less; see `leastChange`.
 */
export function changesOf(leaf: JsonValue, volatile: VolatileValue | undefined, ids: readonly string[]): Change[] {
  if (typeof leaf === 'string') {
    const id = idsIn(leaf)[0];
    const other = id === undefined ? undefined : otherId(id, ids);
    const more: Change = { how: 'text + "~"', value: `${leaf}~` };
    return id === undefined || other === undefined
      ? [more]
      : [more, { how: 'another id', value: leaf.replace(id, other) }];
  }
  if (typeof leaf === 'number') {
    const step = volatile === undefined ? 1 : volatile.placeholder === '<seconds>' ? hourMs / 1000 : hourMs;
    return [
      { how: `number + ${step}`, value: leaf + step },
      { how: 'number → text', value: String(leaf) },
    ];
  }
  if (typeof leaf === 'boolean') return [{ how: 'flipped', value: !leaf }];
  if (leaf === null) return [{ how: 'null → text', value: 'x' }];
  return [{ how: 'filled', value: Array.isArray(leaf) ? ['x'] : { x: 'x' } }];
}

/**
 * The smallest change to a leaf that differs in every run; undefined for any other leaf. A fresh id replaces the run's
 * own if it occurs once.
 */
export function leastChange(
  leaf: JsonValue,
  volatile: VolatileValue | undefined,
  lone: (id: string) => boolean,
): Change | undefined {
  if (typeof leaf === 'number') return volatile === undefined ? undefined : { how: 'number + 1', value: leaf + 1 };
  if (typeof leaf !== 'string') return undefined;
  if (volatile !== undefined && /\d$/.test(leaf))
    return { how: 'last digit', value: leaf.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) };
  const id = idsIn(leaf)[0];
  if (id === undefined || !lone(id)) return undefined;
  return { how: 'a fresh id', value: leaf.replace(id, 'ffffffff-ffff-7fff-8fff-ffffffffffff') };
}
