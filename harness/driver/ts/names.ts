import type { JsonValue } from '../../../testing/json/json.ts';

/** `thread_start` → `threadStart`. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `h.stream` → `h` and `stream`; a path may be longer or empty. */
export function splitName(dotted: string): { name: string; path: string[] } {
  const [name = '', ...path] = dotted.split('.');
  return { name, path };
}

/** The bound names in `{$ref}` forms, at any depth. */
export function referencedNames(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(referencedNames);
  if (value === null || typeof value !== 'object') return [];
  if ('$ref' in value) return [splitName(String(value.$ref)).name];
  return Object.values(value).flatMap(referencedNames);
}
