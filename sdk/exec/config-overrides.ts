import type { CodexConfigObject } from './options.ts';

const bareKey = /^[A-Za-z0-9_-]+$/;

/**
 * Settings as `dotted.path=TOML`, one for each leaf. Keys of nested objects become part of the path as they are; a key that holds a
 * dot needs `configOverrides`. Undefined is left out; an empty object is `path={}`, at the root nothing.
 * @throws TypeError, with the path, for what TOML cannot say: null, a number that is not finite, an empty key, a function
 */
export function configOverrides(config: CodexConfigObject): string[] {
  if (!isObject(config)) throw new TypeError('Codex config overrides must be a plain object');
  return [...leaves(config, '')];
}

function* leaves(object: object, prefix: string): Generator<string> {
  if (prefix !== '' && Object.keys(object).length === 0) yield `${prefix}={}`;
  for (const [key, value] of knownEntries(object)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isObject(value)) yield* leaves(value, path);
    else yield `${path}=${toToml(value, path)}`;
  }
}

/** A value in TOML; `path` is for the error. */
export function toToml(value: unknown, path: string): string {
  // A JSON string is a TOML string, but for this one character, which TOML wants escaped.
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('\u007f', '\\u007F');
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value);
    throw new TypeError(`Codex config override at ${path} must be a finite number`);
  }
  if (Array.isArray(value)) return `[${value.map((entry, index) => toToml(entry, `${path}[${index}]`)).join(', ')}]`;
  if (isObject(value)) {
    const parts = knownEntries(value).map(([key, entry]) => {
      const name = bareKey.test(key) ? key : JSON.stringify(key);
      return `${name} = ${toToml(entry, `${path}.${key}`)}`;
    });
    return `{${parts.join(', ')}}`;
  }
  if (value === null) throw new TypeError(`Codex config override at ${path} cannot be null`);
  throw new TypeError(`Unsupported Codex config override value at ${path}: ${typeof value}`);
}

function knownEntries(object: object): [string, unknown][] {
  const entries = Object.entries(object);
  if (entries.some(([key]) => key === '')) throw new TypeError('Codex config override keys must be non-empty strings');
  return entries.filter(([, value]) => value !== undefined);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
