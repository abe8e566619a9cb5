import { diff, type IChange } from 'json-diff-ts';
import { isObject, type JsonValue } from '../../testing/json/json.ts';

export interface StructuralDiffOptions {
  /** Longest text of a value; the rest is cut. Default 160. */
  width?: number;
}

/** Members that tell the entries of a list apart, the best first. */
const identities = ['id', 'name', 'key', 'method', 'title'] as const;

/**
 * What changed between two JSON values, for people: a tree with a line for each change. Entries of a list are matched by their `id`, `name` or the
 * like where each has its own, and texts by themselves, so that one more in front does not change all behind it; other lists are matched by index.
 * ```
 * turn:
 *   ~ status: "inProgress" → "completed"
 *   items:
 *     + [id=item-2]: {"id":"item-2","type":"plan"}
 * ```
 * @returns lines; empty if and only if the two are equal
 */
export function structuralDiff(old: JsonValue, fresh: JsonValue, options: StructuralDiffOptions = {}): string[] {
  // Numbers that no double holds are objects of a class, which the library would compare by their private members.
  const [before, after] = [old, fresh].map((value) => JSON.parse(JSON.stringify({ value })) as { value: JsonValue });
  const keys = new Map<string, string>();
  collectKeys([before as JsonValue, after as JsonValue], [], keys);
  const keyed = diff(before, after, { embeddedObjKeys: Object.fromEntries(keys) });
  // Another order of the same entries.
  const changes = keyed.length > 0 ? keyed : diff(before, after);
  // The member `value` is there so that the library has a root to speak of.
  const [root] = changes;
  if (root?.changes !== undefined) return lines(root.changes, root.embeddedKey, options, '');
  return lines(changes, undefined, options, '').map((line) => line.replace(/^(\S*\S) value: /, '$1 '));
}

function lines(
  changes: readonly IChange[],
  embeddedKey: unknown,
  options: StructuralDiffOptions,
  indent: string,
): string[] {
  const found: string[] = [];
  for (const [at, change] of changes.entries()) {
    const next = changes[at + 1];
    const name = nameOf(change.key, embeddedKey);
    if (change.changes !== undefined) {
      found.push(`${indent}${name}:`, ...lines(change.changes, change.embeddedKey, options, `${indent}  `));
    } else if (change.type === 'REMOVE' && next?.type === 'ADD' && next.key === change.key) {
      // A value of another type is one change to a reader.
      found.push(leaf('~', name, change.value, next.value, options, indent));
    } else if (change.type === 'ADD' && changes[at - 1]?.type === 'REMOVE' && changes[at - 1]?.key === change.key) {
      // Told with what it replaced.
    } else if (change.type === 'UPDATE') found.push(leaf('~', name, change.oldValue, change.value, options, indent));
    else if (change.type === 'ADD') found.push(leaf('+', name, undefined, change.value, options, indent));
    else found.push(leaf('-', name, change.value, undefined, options, indent));
  }
  return found;
}

function nameOf(key: string, embeddedKey: unknown): string {
  if (embeddedKey === undefined) return key;
  if (embeddedKey === '$index') return `[${key}]`;
  return embeddedKey === '$value' ? `[${JSON.stringify(key)}]` : `[${String(embeddedKey)}=${key}]`;
}

function leaf(
  sign: '~' | '+' | '-',
  name: string,
  old: unknown,
  fresh: unknown,
  { width = 160 }: StructuralDiffOptions,
  indent: string,
): string {
  const short = (value: unknown) => {
    const text = JSON.stringify(value);
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  if (sign === '+') return `${indent}+ ${name}: ${short(fresh)}`;
  if (sign === '-') return `${indent}- ${name}: ${short(old)}`;
  return `${indent}~ ${name}: ${short(old)} → ${short(fresh)}`;
}

/**
 * How each list is matched, by the path that the library knows it by: the names of members, without the entries of lists. A path that stands for several
 * lists is matched by what tells the entries apart in all of them.
 */
function collectKeys(values: readonly JsonValue[], path: readonly string[], keys: Map<string, string>): void {
  const lists = values.filter(Array.isArray);
  const name = path.join('.');
  if (lists.length > 0 && path.length > 0) {
    const key = keyOf(lists);
    const known = keys.get(name);
    if (key !== undefined && (known === undefined || known === key)) keys.set(name, key);
  }
  const members = new Map<string, JsonValue[]>();
  for (const value of values) {
    if (Array.isArray(value)) collectKeys(value, path, keys);
    if (!isObject(value)) continue;
    for (const [member, inner] of Object.entries(value)) members.set(member, [...(members.get(member) ?? []), inner]);
  }
  for (const [member, inner] of members) collectKeys(inner, [...path, member], keys);
}

function keyOf(lists: readonly JsonValue[][]): string | undefined {
  const distinct = (list: readonly unknown[]) => new Set(list).size === list.length;
  if (lists.every((list) => list.every((entry) => typeof entry === 'string') && distinct(list))) return '$value';
  return identities.find((identity) =>
    lists.every((list) => {
      const values = list.map((entry) => (isObject(entry) ? entry[identity] : undefined));
      return values.every((value) => typeof value === 'string' && value !== '') && distinct(values);
    }),
  );
}
