import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { NormalisedLine } from '../normalise/types.ts';
import { type Finding, saidBy } from './findings.ts';
import { textHunks } from './text-changes.ts';
import { withoutNumbers } from './value-changes.ts';

const longest = 160;
const longestLine = 1200;

/** The line before and now, as short as they can be read: what stands on the way to the change, and short values beside it. */
export function exampleOf({ lineBefore, lineAfter, path, before, after }: Finding): {
  before?: string;
  after?: string;
} {
  // Of a long text, what differs.
  const hunks =
    typeof before === 'string' && typeof after === 'string' && Math.max(before.length, after.length) > longest
      ? textHunks(before, after)
      : undefined;
  const side = (line: NormalisedLine | undefined, value: JsonValue | undefined, hunk: string | undefined) => {
    if (line === undefined) return undefined;
    const text = `${line.ch} ${line.key} ${writeJson(along(saidBy(line), path, value, hunk))}`;
    return text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text;
  };
  const [left, right] = [side(lineBefore, before, hunks?.before), side(lineAfter, after, hunks?.after)];
  return { ...(left !== undefined && { before: left }), ...(right !== undefined && { after: right }) };
}

/** The value with what is beside the path cut short. */
function along(
  value: JsonValue,
  path: readonly string[],
  changed: JsonValue | undefined,
  hunk: string | undefined,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? (hunk ?? cut(value)) : brief(value, 3);
  if (Array.isArray(value)) {
    const at = Math.max(
      0,
      value.findIndex((entry) => leads(entry, rest, changed) && fits(entry, step)),
    );
    const entry = value[at];
    const more = value.length - 1;
    if (entry === undefined || !fits(entry, step)) return [`… ${value.length} entries`];
    return [along(entry, rest, changed, hunk), ...(more > 0 ? [`… ${more} more`] : [])];
  }
  // A text that holds JSON was compared by what it holds.
  if (typeof value === 'string') {
    try {
      return along(JSON.parse(value) as JsonValue, path, changed, hunk);
    } catch {
      return hunk ?? cut(value);
    }
  }
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [key, inner] of Object.entries(value))
    out[key] =
      withoutNumbers(key) === step ? along(inner as JsonValue, rest, changed, hunk) : brief(inner as JsonValue, 0);
  return out;
}

const fits = (entry: JsonValue, step: string) =>
  step === '*' || (isObject(entry) && `[${String(entry.name)}]` === step);

/** Whether the path leads to the changed value there. */
function leads(value: JsonValue | undefined, path: readonly string[], changed: JsonValue | undefined): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value === changed;
  if (Array.isArray(value)) return value.some((entry) => leads(entry, rest, changed));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) => withoutNumbers(key) === step && leads(inner as JsonValue, rest, changed),
  );
}

function brief(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return value;
    return depth > 0 ? [brief(value[0] as JsonValue, depth - 1), ...(value.length > 1 ? ['…'] : [])] : ['…'];
  }
  if (!isObject(value)) return value;
  if (depth === 0) return '{…}';
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, brief(inner as JsonValue, depth - 1)]));
}

const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
