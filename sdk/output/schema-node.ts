/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

/** The type of a value by its name in JSON Schema; a whole number is an `integer`. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** All types that a value has: a whole number is a number too. */
export const typesOf = (value: Json): string[] => {
  const type = typeOf(value);
  return type === 'integer' ? [type, 'number'] : [type];
};
