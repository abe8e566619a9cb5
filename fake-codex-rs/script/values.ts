import { isObject, type JsonObject, type JsonValue, shown } from '../json.ts';

/** What a name stands for: a client's message, the ids that belong to it, and what it was answered with. */
export type Bound = JsonObject;

const reference = /\$\$\{|\$\{([^{}]+)\}/g;

/**
 * Gives a script's value its references as values: `${turn/start.params.threadId}` alone keeps its type, within a text it becomes text;
 * `$${` stands for `${`. `{ $repeat: TEXT, times: N }` becomes the text so many times.
 * @throws Error when a name or a member of it is not there (`onMissing` may give something in its place).
 */
export function resolved(value: JsonValue, names: ReadonlyMap<string, Bound>, onMissing?: JsonValue): JsonValue {
  const find = (path: string): JsonValue => {
    const found = valueAt(path, names);
    if (found !== undefined) return found;
    if (onMissing !== undefined) return onMissing;
    throw new Error(`\${${path}} is not there; known are ${[...names.keys()].join(', ') || 'no names'}`);
  };
  const visit = (at: JsonValue): JsonValue => {
    if (typeof at === 'string') return fill(at, find);
    if (Array.isArray(at)) return at.map(visit);
    if (!isObject(at)) return at;
    if (typeof at.$repeat === 'string') return at.$repeat.repeat(Number(at.times ?? 1));
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value);
}

/** The same for a text that stays one. */
export function resolvedText(text: string, names: ReadonlyMap<string, Bound>): string {
  const value = resolved(text, names);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fill(text: string, find: (path: string) => JsonValue): JsonValue {
  if (!text.includes('${')) return text;
  const whole = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return find(whole);
  return text.replace(reference, (_all, path: string | undefined) => {
    if (path === undefined) return '${';
    const value = find(path);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueAt(path: string, names: ReadonlyMap<string, Bound>): JsonValue | undefined {
  const [name = '', ...keys] = path.split('.');
  let at: JsonValue | undefined = names.get(name);
  for (const key of keys) at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
  return at;
}

/** Stands for a reference that cannot be resolved yet: it matches whatever comes. */
export const anything = { $anything: true };

/** Where a client's value is not what a script wants of it: every key that it states, lists whole. Undefined where it fits. */
export interface Mismatch {
  path: string;
  wanted: JsonValue;
  seen: JsonValue | undefined;
}

export function mismatches(wanted: JsonValue, seen: JsonValue | undefined, path = ''): Mismatch[] {
  if (isObject(wanted)) {
    if (wanted.$anything === true) return [];
    if (wanted.$absent === true) return seen === undefined ? [] : [{ path, wanted, seen }];
    if (!isObject(seen)) return [{ path, wanted, seen }];
    return Object.entries(wanted).flatMap(([key, inner]) => mismatches(inner, seen[key], `${path}/${key}`));
  }
  if (Array.isArray(wanted) && Array.isArray(seen) && wanted.length === seen.length) {
    return wanted.flatMap((inner, index) => mismatches(inner, seen[index], `${path}/${index}`));
  }
  return !Array.isArray(wanted) && wanted === seen ? [] : [{ path, wanted, seen }];
}

export const tell = ({ path, wanted, seen }: Mismatch): string =>
  `${path || 'the whole message'} is ${shown(seen)} in place of ${isObject(wanted) && wanted.$absent === true ? 'nothing' : shown(wanted)}`;
