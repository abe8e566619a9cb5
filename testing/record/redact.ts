import type { JsonValue } from '../scripted-model/types.ts';

const secretKey =
  /^(authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|openai_api_key|codex_api_key|access_?token|refresh_?token|id_?token|client_?secret|password|bearer_?token)$/i;
const secretText: [RegExp, string][] = [
  [/\bsk-[A-Za-z0-9_-]{16,}/g, '<redacted:key>'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, '$1 <redacted>'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '<redacted:jwt>'],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}/g, '<redacted:token>'],
];

/** Takes keys, tokens and passwords out of a value. Used on everything that is written: raw observations, goldens, reports. */
export function redact(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      secretKey.test(key) && typeof inner === 'string' && inner !== '' ? '<redacted>' : redact(inner),
    ]),
  );
}

export function redactText(text: string): string {
  return secretText.reduce((out, [pattern, replacement]) => out.replace(pattern, replacement), text);
}
