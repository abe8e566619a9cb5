import { stripVTControlCharacters } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { NormaliseCache } from '../normalise/cache.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Observation, ObservationLine } from '../observation/types.ts';
import { type Finding, findingsBetween } from './findings.ts';

/**
 * What differs in what no golden keeps: the texts of the model's requests, what cursors hold, and what the engine logs. The normaliser leaves them out,
 * because they differ in every run or are too long; two engines may differ in them all the same.
 */
export function unkeptFindings(before: Observation, after: Observation): Finding[] {
  const [left, right] = [before, after].map(unkeptFacts) as [NormalisedObservation, NormalisedObservation];
  // A line more or less is told by what a golden keeps.
  return findingsBetween(left, right).filter(({ ch, path }) => ch !== 'wire.in' || path.length > 0);
}

function unkeptFacts(observation: Observation): NormalisedObservation {
  const normalised = normalise(observation, new NormaliseCache(), { wholeRequests: true });
  const lines = normalised.lines.flatMap((line, at): NormalisedLine[] => {
    const raw = observation.lines[normalised.origins?.[at] ?? -1];
    if (line.ch === 'model.request') return [withMetadata(line, raw)];
    const cursors = raw?.ch === 'wire.in' ? cursorsIn(raw.msg ?? null) : undefined;
    return cursors === undefined ? [] : [{ ...line, body: { msg: cursors } }];
  });
  return { ...normalised, lines: [...lines, ...logLines(observation.lines)] };
}

/** The normaliser drops the turn's metadata, most of which differs in every run; what of it is a word or a switch does not. */
function withMetadata(line: NormalisedLine, raw: ObservationLine | undefined): NormalisedLine {
  const { body } = (raw ?? {}) as { body?: { client_metadata?: Record<string, unknown> } };
  const text = body?.client_metadata?.['x-codex-turn-metadata'];
  if (typeof text !== 'string') return line;
  const metadata = readJson(text);
  if (!isObject(metadata)) return line;
  const words = Object.entries(metadata).map(([key, value]): [string, JsonValue] => {
    const steady = typeof value === 'boolean' || (typeof value === 'string' && /^[a-z][a-z_]*$/.test(value));
    return [key, steady ? value : `<${typeof value}>`];
  });
  return { ...line, body: { ...line.body, turn_metadata: Object.fromEntries(words) } };
}

/** A message cut down to its cursors, each as what it holds; undefined if it has none. */
export function cursorsIn(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) {
    const kept = value.flatMap((entry) => cursorsIn(entry) ?? []);
    return kept.length > 0 ? kept : undefined;
  }
  if (!isObject(value)) return undefined;
  const kept = Object.entries(value).flatMap(([key, inner]): [string, JsonValue][] => {
    const cursor = /cursor$/i.test(key) && typeof inner === 'string' ? insideOf(inner) : cursorsIn(inner as JsonValue);
    return cursor === undefined ? [] : [[key, cursor]];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** A cursor is opaque to a client, and JSON to whoever looks: ids and times in it differ in every run, the rest does not. */
function insideOf(cursor: string): JsonValue {
  const decoded = /^[\w+/-]+=*$/.test(cursor) ? Buffer.from(cursor, 'base64').toString('utf8') : cursor;
  for (const text of [cursor, decoded]) {
    if (!/^\s*[{[]/.test(text)) continue;
    try {
      return steady(JSON.parse(text) as JsonValue);
    } catch {
      // Not JSON after all.
    }
  }
  return steadyText(cursor);
}

function steady(value: JsonValue): JsonValue {
  if (typeof value === 'string') return steadyText(value);
  // A time; a place in a list is a smaller number.
  if (typeof value === 'number') return Math.abs(value) > 1e8 ? '<number>' : value;
  if (Array.isArray(value)) return value.map(steady);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, steady(inner as JsonValue)]));
}

const steadyText = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d[:-]\d\d[:-]\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, '<time>')
    .replace(/\b\d{9,}\b/g, '<number>');

/** What the app-server logged, each line once, without its times, numbers and paths: how often and when it comes is chance. */
function logLines(lines: readonly ObservationLine[]): NormalisedLine[] {
  const texts = lines.flatMap((line) => (line.ch === 'stderr' && line.run === undefined ? line.text.split('\n') : []));
  const said = texts.map((text) =>
    steadyText(stripVTControlCharacters(text))
      .replace(/^<time>\s+/, '')
      .replace(/\/[\w.@+-]+(?:\/[\w.@+-]+)+/g, '<path>')
      .replace(/\d+(?:\.\d+)?/g, '<n>')
      .trim(),
  );
  return [...new Set(said)]
    .filter((text) => text !== '')
    .sort()
    .map((text) => ({ lane: `log ${text}`, ch: 'stderr', key: text, body: { text } satisfies JsonObject }));
}
