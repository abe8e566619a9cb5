import { type JsonValue, mapTexts } from '../json/json.ts';

const names = [
  ...['seconds', 'millis', 'duration', 'gauge', 'process', 'port', 'date', 'moment', 'rollout-moment', 'cursor'],
  ...['config-version', 'chunk', 'host', 'os', 'term', 'client.name', 'client.title', 'client.version'],
  ...['engine.version', 'engine', 'stderr', 'launcher', 'workspace', 'codexHome', 'home', 'tmp', 'root'],
];
const ids = ['thread', 'turn', 'item', 'id', 'request', 'server-request', 'numeric-request'];

/** What follows the `<` of every placeholder that somebody fills in (docs/golden-format.md). */
const rest = `(?:${ids.join('|')}):[^<>]+>|(?:${names.join('|').replaceAll('.', '\\.')})>|y>/<m>/<d>/`;
const plain = new RegExp(`<(?=\\\\*(?:${rest}))`, 'g');
/** The backslash behind the `<` of an escaped one: it goes where the text is said again. */
export const escapedPlaceholder: RegExp = new RegExp(`<\\\\(?=\\\\*(?:${rest}))`, 'g');

/** What somebody said, as it stands in a golden: `<workspace>` is `<\workspace>` there, so that nothing is filled in for it. */
export const escapePlaceholders = (text: string): string => (text.includes('<') ? text.replace(plain, '<\\') : text);

/** What somebody said, of a text in which all placeholders are filled in. */
export const unescapePlaceholders = (text: string): string => text.replace(escapedPlaceholder, '<');

/** `escapePlaceholders` at every depth, the names of members included; the value itself where it has nothing to escape. */
export function escapeAllPlaceholders(value: JsonValue): JsonValue {
  return mayHold(value) ? mapTexts(value, escapePlaceholders) : value;
}

/** Looked at before it is copied: hardly any value has such words. */
function mayHold(value: JsonValue): boolean {
  if (typeof value === 'string') return escapePlaceholders(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(mayHold);
  return Object.entries(value).some(([key, inner]) => mayHold(key) || mayHold(inner));
}
