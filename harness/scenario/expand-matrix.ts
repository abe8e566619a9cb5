import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { didYouMean } from '../../testing/nearest.ts';
import type { Report } from '../data/yaml-source.ts';

/** One scenario of a file, before its shape is checked. */
export interface Expanded {
  value: unknown;
  /** The case it was made from; undefined if the file has no matrix. */
  name?: string;
}

/**
 * The scenarios in a file: the file itself, or with `matrix` one for each case, with the id `ID/CASE` and the case
 * after its title. Paths of later problems still point to their place in the file, because values only replace other
 * values.
 */
export function expandMatrix(value: unknown, report: Report): Expanded[] {
  const file = value as JsonValue;
  if (!isObject(file) || !isObject(file.matrix)) return [{ value }];
  const { matrix, ...rest } = file;
  const cases = Object.entries(matrix).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const used = new Set<string>();
  const known = new Set(cases.flatMap(([, values]) => Object.keys(values)));
  const expanded = cases.map(([name, values]): Expanded => {
    const filled = fill(rest, values, used) as JsonObject;
    return { name, value: { ...filled, id: `${filled.id}/${name}`, title: `${filled.title} (${name})`, matrix } };
  });
  for (const key of used)
    if (!known.has(key))
      report(['matrix'], `expected a key that a case has, got $case ${key}${didYouMean(key, known)}`, 'key');
  for (const [name, values] of cases)
    for (const key of Object.keys(values))
      if (!used.has(key))
        report(['matrix', name, key], `expected a key that a $case uses, got "${key}"${didYouMean(key, used)}`, 'key');
  return expanded;
}

/** The value with every `{ $case: KEY }` replaced; undefined if it is one that the case does not have. */
function fill(value: JsonValue, values: JsonObject, used: Set<string>): JsonValue | undefined {
  if (Array.isArray(value)) return value.flatMap((entry) => fill(entry, values, used) ?? []);
  if (!isObject(value)) return value;
  if (typeof value.$case === 'string') {
    used.add(value.$case);
    return values[value.$case];
  }
  const out: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    const filled = fill(entry, values, used);
    if (filled !== undefined) out[key] = filled;
  }
  return out;
}
