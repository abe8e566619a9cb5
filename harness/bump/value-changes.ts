import { sameNumber } from '../../testing/json/exact-number.ts';
import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import { align } from '../compare/align.ts';

/** One place in which two JSON values differ; `before` or `after` is absent where only the other side has it. */
export interface ValueChange {
  /** Members on the way; `*` for an entry of a list. */
  path: readonly string[];
  before?: JsonValue;
  after?: JsonValue;
}

/** What an entry of a list is called on the way to what is in it. */
export type StepTo = (entry: JsonValue | undefined) => string;

const shape = (value: JsonValue) => withoutNumbers(keyOfJson(value));

/** Members that say what an entry of a list is. */
const names = ['name', 'type', 'method', 'key', 'role'] as const;
const idNumber = /<(?!sha256)([a-z]+):[^<>]*>|\bitem_\d+\b/gi;

/** `<item:1.1.3>` and `<item:1.1.4>` are the same to a reader, as are the items that `codex exec` numbers: which one it is follows from what came before. */
export const withoutNumbers = (text: string): string =>
  text.replace(idNumber, (_, kind: string | undefined) => (kind === undefined ? '<item>' : `<${kind}>`));

/**
 * What differs between two JSON values. Entries of lists meet by what they are, so that one more in front is one change and not one for each behind it; a
 * text that holds an object of JSON is compared as that.
 */
export function valueChanges(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: readonly string[] = [],
  stepTo: StepTo = stepByName,
): ValueChange[] {
  if (before === after || sameNumber(before, after)) return [];
  if (before === undefined) return [{ path, after: after as JsonValue }];
  if (after === undefined) return [{ path, before }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const pairs = align(before, after, alike, (a, b) => shape(a) === shape(b));
    return pairs.flatMap(({ expected, actual }) => {
      const way = [...path, stepTo(expected ?? actual)];
      return ofOneEntry(valueChanges(expected, actual, way, stepTo), way);
    });
  }
  if (isObject(before) && isObject(after)) {
    // What has another type has other members too.
    if (typeof before.type === 'string' && typeof after.type === 'string' && before.type !== after.type)
      return [{ path, before, after }];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => valueChanges(before[key], after[key], [...path, withoutNumbers(key)], stepTo));
  }
  const [left, right] = [objectIn(before), objectIn(after)];
  if (left !== undefined && right !== undefined) {
    const inside = valueChanges(left, right, path, stepTo);
    if (inside.length > 0) return inside;
  }
  return [{ path, before, after }];
}

/** Plain values of one named entry that changed together are one change: a feature that became stable is also on by default, and has a text of its own. */
function ofOneEntry(changes: ValueChange[], way: readonly string[]): ValueChange[] {
  const own = changes.filter(
    ({ path, before, after }) => path.length === way.length + 1 && isPlain(before) && isPlain(after),
  );
  if (own.length < 2 || !way.at(-1)?.startsWith('[')) return changes;
  const side = (of: 'before' | 'after') =>
    Object.fromEntries(own.map((change) => [change.path.at(-1), change[of]])) as JsonValue;
  return [
    ...changes.filter((change) => !own.includes(change)),
    { path: way, before: side('before'), after: side('after') },
  ];
}

const isPlain = (value: JsonValue | undefined) => value === null || /^(?:boolean|number|string)$/.test(typeof value);

/** An entry with a name or an id of its own is addressed by it: a catalogue's entries are different things. */
export const stepByName: StepTo = (entry) => {
  const { name, id } = (isObject(entry ?? null) ? entry : {}) as { name?: JsonValue; id?: JsonValue };
  if (typeof name === 'string' && name !== '') return `[${name}]`;
  return isOwn(id) ? `[${id}]` : '*';
};

/** An id that the engine made in this run says nothing of what the entry is. */
const isOwn = (id: JsonValue | undefined): id is string =>
  typeof id === 'string' && id !== '' && withoutNumbers(id) === id;

/** Of what the model is sent, an item is who says it, or what it is: one of the prompt is not one of the user. */
export const stepByRole: StepTo = (entry) => {
  const { role, type } = (isObject(entry ?? null) ? entry : {}) as { role?: JsonValue; type?: JsonValue };
  if (typeof role === 'string') return `[${[role, type].filter((word) => typeof word === 'string').join(' ')}]`;
  return typeof type === 'string' && /_/.test(type) && !/_(?:text|image)$/.test(type) ? `[${type}]` : stepByName(entry);
};

function alike(a: JsonValue, b: JsonValue): boolean {
  if (isObject(a) && isObject(b)) {
    const same = names.every(
      (name) => (typeof a[name] !== 'string' && typeof b[name] !== 'string') || a[name] === b[name],
    );
    return same && (!isOwn(a.id) || !isOwn(b.id) || a.id === b.id);
  }
  return typeof a === typeof b && Array.isArray(a) === Array.isArray(b);
}

/** What a text of JSON holds, such as the arguments of a call or a cursor; undefined for every other value. */
function objectIn(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string' || !/^\s*\{/.test(value)) return undefined;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return undefined;
  }
}
