import { type KeepText, redactText } from '../../sdk/redact/secret-forms.ts';
import { isPasswordName, isSecretName } from '../../sdk/redact/secret-names.ts';
import { isObject, type JsonValue, mapChildren } from '../json/json.ts';

/**
 * Removes keys, tokens and passwords from a value: by the name of their field, by their form, and by the name that a
 * text assigns them to. Recordings and observations pass through it when they leave the run, so that nothing made from
 * them contains any.
 */
export function redact(value: JsonValue, keep: KeepText = () => false): JsonValue {
  return visit(value, undefined, keep);
}

function visit(value: JsonValue, name: string | undefined, keep: KeepText): JsonValue {
  if (typeof value === 'string') {
    if (name === undefined || value === '' || !isSecretName(name)) return redactText(value, keep);
    return keep(value) || isPlaceholder(value) ? value : '<redacted>';
  }
  if (typeof value === 'number')
    return name !== undefined && isPasswordName(name) && value >= 1000 ? '<redacted>' : value;
  const pair = nameOfPair(value);
  // The children of a list are named by the list: `"secrets": ["a", "b"]`.
  return mapChildren(
    value,
    (inner, key) =>
      visit(
        inner,
        Array.isArray(value) ? (key === 1 ? (pair ?? name) : name) : key === 'value' ? (pair ?? 'value') : String(key),
        keep,
      ),
    (key) => redactText(key, keep),
  );
}

/** `{ "name": "X-Api-Key", "value": … }` and `["X-Api-Key", …]`, which also describe headers and environments. */
function nameOfPair(value: JsonValue): string | undefined {
  const name = Array.isArray(value)
    ? value.length === 2
      ? value[0]
      : undefined
    : isObject(value)
      ? (value.name ?? value.key ?? value.header)
      : undefined;
  return typeof name === 'string' && isSecretName(name) ? name : undefined;
}

const isPlaceholder = (text: string): boolean => /^<redacted(?::[a-z]+)?>$/.test(text);
