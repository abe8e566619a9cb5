import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { NormalisedLine } from '../normalise/types.ts';
import { type Finding, saidBy } from './findings.ts';
import { textHunks } from './text-changes.ts';
import { stepByName, stepByRole, withoutNumbers } from './value-changes.ts';

const longest = 160;
const longestLine = 1200;

/** The line before and now, as short as they can be read: what stands on the way to the change, and a few short values beside it. */
export function exampleOf(finding: Finding): { before?: string; after?: string } {
  const { lineBefore, lineAfter, path, before, after } = finding;
  if (lineBefore === undefined && lineAfter === undefined) return valuesAlone(finding);
  // Of a long text, what differs.
  const hunks =
    typeof before === 'string' && typeof after === 'string' && Math.max(before.length, after.length) > longest
      ? textHunks(before, after)
      : undefined;
  const side = (line: NormalisedLine | undefined, value: JsonValue | undefined, hunk: string | undefined) => {
    if (line === undefined) return undefined;
    const text = `${line.ch} ${line.key} ${along(said(line, path), path, value, hunk)}`;
    return text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text;
  };
  const [left, right] = [side(lineBefore, before, hunks?.before), side(lineAfter, after, hunks?.after)];
  return { ...(left !== undefined && { before: left }), ...(right !== undefined && { after: right }) };
}

/** Where a difference came without its lines. */
function valuesAlone({ ch, key, path, before, after }: Finding): { before?: string; after?: string } {
  const side = (value: JsonValue | undefined) =>
    value === undefined && path.length === 0
      ? undefined
      : `${[ch, key, path.join('.')].filter((part) => part !== '').join(' ')}: ${value === undefined ? 'nothing' : writeJson(brief(value, 3))}`;
  const [left, right] = [side(before), side(after)];
  return { ...(left !== undefined && { before: left }), ...(right !== undefined && { after: right }) };
}

/** Of a message, without what every message has: its key says what it is. */
function said(line: NormalisedLine, [first]: readonly string[]): JsonValue {
  const whole = saidBy(line);
  if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(whole)) return whole;
  const kept = Object.entries(whole).filter(([key]) => key === first || !envelope.has(key));
  return Object.fromEntries(kept) as JsonValue;
}
const envelope = new Set(['id', 'method', 'emittedAtMs']);

/** The value as text, with nothing beside the path but short values where they are few; `…` stands for the others. */
function along(
  value: JsonValue,
  path: readonly string[],
  changed: JsonValue | undefined,
  hunk: string | undefined,
): string {
  const [step, ...rest] = path;
  if (step === undefined) return writeJson(typeof value === 'string' ? (hunk ?? cut(value)) : brief(value, 3));
  if (Array.isArray(value)) {
    // The entry is on the other side alone.
    if (rest.length === 0 && changed === undefined) return entries(value);
    const at = Math.max(
      0,
      value.findIndex((entry) => (leads(entry, rest, changed) || isPartOf(changed, entry)) && fits(entry, step)),
    );
    const entry = value[at];
    if (entry === undefined || !fits(entry, step)) return entries(value);
    const own = rest.length === 0 && isPartOf(changed, entry) ? partly(changed) : along(entry, rest, changed, hunk);
    return `[${at > 0 ? '…,' : ''}${own}${at < value.length - 1 ? ',…' : ''}]`;
  }
  // A text that holds JSON was compared by what it holds.
  if (typeof value === 'string') {
    const inside = jsonIn(value);
    return inside === undefined ? writeJson(hunk ?? cut(value)) : along(inside, path, changed, hunk);
  }
  if (!isObject(value)) return writeJson(value);
  const all = Object.entries(value) as [string, JsonValue][];
  const beside = all.filter(([key]) => withoutNumbers(key) !== step);
  const shown = beside.length <= fewBeside ? beside.filter(([, inner]) => isShort(inner)).map(([key]) => key) : [];
  const members: string[] = [];
  for (const [key, inner] of all) {
    if (withoutNumbers(key) === step) members.push(`${writeJson(key)}:${along(inner, rest, changed, hunk)}`);
    else if (shown.includes(key)) members.push(`${writeJson(key)}:${writeJson(inner)}`);
    else if (members.at(-1) !== '…') members.push('…');
  }
  return `{${members.join(',')}}`;
}

function jsonIn(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Of an entry, the members that changed together. */
const isPartOf = (changed: JsonValue | undefined, entry: JsonValue): changed is JsonObject =>
  isObject(changed ?? null) &&
  isObject(entry) &&
  Object.keys(changed as JsonObject).length < Object.keys(entry).length &&
  Object.entries(changed as JsonObject).every(([key, value]) => entry[key] === value);
const partly = (changed: JsonObject) => writeJson(changed).replace(/\}$/, ',…}');

const entries = ({ length }: readonly JsonValue[]) =>
  length === 0 ? '[]' : `[${length} ${length === 1 ? 'entry' : 'entries'}]`;

/** More members than this beside the one that changed say nothing of it. */
const fewBeside = 3;
const isShort = (value: JsonValue) => (typeof value === 'object' ? value === null : String(value).length <= 40);

const fits = (entry: JsonValue, step: string) =>
  step === '*' || stepByName(entry) === step || stepByRole(entry) === step;

/** Whether the path leads to the changed value there, or, where it is on the other side alone, to where it would be. */
function leads(value: JsonValue | undefined, path: readonly string[], changed: JsonValue | undefined): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value === changed || isPartOf(changed, value ?? null);
  if (Array.isArray(value)) {
    if (rest.length === 0 && changed === undefined) return true;
    return value.some((entry) => fits(entry, step) && leads(entry, rest, changed));
  }
  if (typeof value === 'string') {
    const inside = jsonIn(value);
    return inside !== undefined && leads(inside, path, changed);
  }
  if (!isObject(value)) return false;
  if (rest.length === 0 && changed === undefined) return !(step in value);
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
