import { type JsonValue, mapChildren } from '../json/json.ts';

const secretKey =
  /^(authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|openai_api_key|codex_api_key|access_?token|refresh_?token|id_?token|client_?secret|password|bearer_?token)$/i;
/** What stands before the secret (or nothing), the secret, what takes its place. */
const secretText: [RegExp, string][] = [
  [/()\b(sk-[A-Za-z0-9_-]{16,})/g, '<redacted:key>'],
  [/\b((?:Bearer|Basic)\s+)([A-Za-z0-9._~+/=-]{8,})/g, '<redacted>'],
  [/()\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)/g, '<redacted:jwt>'],
  [/()\b(gh[pousr]_[A-Za-z0-9]{20,})/g, '<redacted:token>'],
];

/** Says of a text that looks like a secret that it is none, and may stay. */
export type KeepText = (text: string) => boolean;

/** Whether a value of this name is a secret, whatever it looks like. */
export const isSecretName = (name: string): boolean => secretKey.test(name);

/**
 * Takes keys, tokens and passwords out of a value, by their name or their form. Recordings and observations pass through it where they leave the run, so that
 * whatever is made of them has none.
 */
export function redact(value: JsonValue, keep: KeepText = () => false): JsonValue {
  if (typeof value === 'string') return redactText(value, keep);
  return mapChildren(value, (inner, key) =>
    isSecretName(String(key)) && typeof inner === 'string' && inner !== '' && !keep(inner)
      ? '<redacted>'
      : redact(inner, keep),
  );
}

export function redactText(text: string, keep: KeepText = () => false): string {
  return secretText.reduce(
    (out, [pattern, replacement]) =>
      out.replace(pattern, (found: string, before: string, secret: string) =>
        keep(secret) ? found : `${before}${replacement}`,
      ),
    text,
  );
}
