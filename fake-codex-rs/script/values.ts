import { isObject, type JsonObject, type JsonValue, sameNumber, shown, writeJson } from '../exact-json.ts';
import { expectedGot } from '../fake-error.ts';

/** What a name stands for: a client's message, the ids that belong to it, and its answer. */
export type Bound = JsonObject;

const reference = /\$\$\{|\$\{([^{}]+)\}/g;

/**
 * Replaces the references in a script's value: `${turn/start.params.threadId}` alone keeps its type, inside a text it
 * becomes text; `$${` stands for `${`. `{ $repeat: TEXT, times: N }` becomes the text N times.
 * @throws Error if a name or a member of it does not exist (`onMissing` may provide a value instead)
 */
export function resolved(value: JsonValue, names: ReadonlyMap<string, Bound>, onMissing?: JsonValue): JsonValue {
  const find = (path: string): JsonValue => {
    const found = valueAt(path, names);
    if (found !== undefined) return found;
    if (onMissing !== undefined) return onMissing;
    throw new Error(expectedGot(`resolving \${${path}}`, 'a member of a known name', 'nothing', knownNames(names)));
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

/** The same for a text, which stays a text. */
export function resolvedText(text: string, names: ReadonlyMap<string, Bound>): string {
  const value = resolved(text, names);
  return typeof value === 'string' ? value : writeJson(value);
}

function fill(text: string, find: (path: string) => JsonValue): JsonValue {
  if (!text.includes('${')) return text;
  const whole = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return find(whole);
  return text.replace(reference, (_all, path: string | undefined) => {
    if (path === undefined) return '${';
    const value = find(path);
    return typeof value === 'string' ? value : writeJson(value);
  });
}

function valueAt(path: string, names: ReadonlyMap<string, Bound>): JsonValue | undefined {
  const [name = '', ...keys] = path.split('.');
  let at: JsonValue | undefined = names.get(name);
  for (const key of keys) at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
  return at;
}

/** Advice for a reference that leads nowhere. */
export const knownNames = (names: ReadonlyMap<string, Bound>): string =>
  `Known are ${[...names.keys()].join(', ') || 'no names'}`;

/** Stands for a reference that cannot be resolved yet: it matches anything. */
export const anything = { $anything: true };

/**
 * Where a client's value differs from what a script expects: every key it states, lists in full. Undefined if it fits.
 */
export interface Mismatch {
  path: string;
  expected: JsonValue;
  seen: JsonValue | undefined;
}

export function mismatches(expected: JsonValue, seen: JsonValue | undefined, path = ''): Mismatch[] {
  if (isObject(expected)) {
    if (expected.$anything === true) return [];
    if (expected.$absent === true) return seen === undefined ? [] : [{ path, expected, seen }];
    if (!isObject(seen)) return [{ path, expected, seen }];
    return Object.entries(expected).flatMap(([key, inner]) => mismatches(inner, seen[key], `${path}/${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(seen) && expected.length === seen.length) {
    return expected.flatMap((inner, index) => mismatches(inner, seen[index], `${path}/${index}`));
  }
  return !Array.isArray(expected) && (expected === seen || sameNumber(expected, seen))
    ? []
    : [{ path, expected, seen }];
}

export const tell = ({ path, expected, seen }: Mismatch): string =>
  `at ${path || 'the whole message'} expected ${isObject(expected) && expected.$absent === true ? 'nothing' : shown(expected)}, got ${shown(seen)}`;
