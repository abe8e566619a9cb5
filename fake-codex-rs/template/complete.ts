import { isObject, type JsonObject, type JsonValue } from '../exact-json.ts';
import { expectedGot } from '../fake-error.ts';
import type { Contract, Schema, SchemaObject } from './contract.ts';
import { defaultValue, type Facts, type Place } from './default-values.ts';

/** `{ $absent: true }` in a script: the property is left out even if the contract requires it. */
export const isAbsent = (value: JsonValue | undefined): boolean => isObject(value) && value.$absent === true;

const deepestType = 40;

/**
 * Fills in what a script states to a value of its type: fields that the type requires and the script does not state,
 * and nothing else. What the script states is kept, whether it matches the type or not.
 */
export function complete(
  contract: Contract,
  facts: Facts,
  schema: Schema,
  given: JsonValue | undefined,
  place: Place = {},
  depth = 0,
): JsonValue {
  if (depth > deepestType)
    throw new Error(
      expectedGot(`completing ${place.type ?? place.owner}`, 'a type with an end', 'one that requires itself'),
    );
  const deeper = (inner: Schema, value: JsonValue | undefined, at: Place) =>
    complete(contract, facts, inner, value, at, depth + 1);
  if (typeof schema === 'boolean') return given ?? null;
  if (schema.$ref !== undefined) {
    const { name, schema: target } = contract.resolve(schema.$ref);
    return deeper(target, given, { ...place, type: name });
  }
  if (schema.allOf?.length === 1) return deeper(schema.allOf[0] as Schema, given, place);
  const chosen = defaultValue(place, facts);
  const union = schema.oneOf ?? schema.anyOf;
  if (union !== undefined) {
    const merges = isObject(given) && isObject(chosen) && !tagGiven(union, given);
    const start = merges ? { ...chosen, ...given } : (given ?? chosen);
    if (start !== undefined && !isObject(start)) return start;
    const inner = deeper(variantFor(contract, union, start), start, place);
    // Some unions have properties of their own besides those of their variants.
    if (schema.properties === undefined || !isObject(inner)) return inner;
    return completeObject(schema, inner, place.type ?? place.owner, deeper);
  }
  if (given !== undefined && !isObject(given)) {
    if (!Array.isArray(given) || schema.items === undefined) return given;
    return given.map((inner) => deeper(schema.items as Schema, inner, {}));
  }
  if (given === undefined && !isObject(chosen) && chosen !== undefined) return chosen;
  if (given === undefined && !isObjectSchema(schema)) return least(schema);
  return completeObject(
    schema,
    { ...(isObject(chosen) ? chosen : {}), ...(given ?? {}) },
    place.type ?? place.owner,
    deeper,
  );
}

function completeObject(
  { properties = {}, required = [], additionalProperties }: SchemaObject,
  given: JsonObject,
  owner: string | undefined,
  deeper: (schema: Schema, value: JsonValue | undefined, place: Place) => JsonValue,
): JsonObject {
  const out: JsonObject = {};
  for (const key of new Set([...required, ...Object.keys(given)])) {
    if (isAbsent(given[key])) continue;
    const schema = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    out[key] = deeper(schema ?? true, given[key], { owner, key });
  }
  return out;
}

const isObjectSchema = ({ type, properties }: SchemaObject): boolean =>
  properties !== undefined || type === 'object' || (Array.isArray(type) && type[0] === 'object');

function least({ type, enum: allowed, minimum, minLength = 0 }: SchemaObject): JsonValue {
  if (allowed !== undefined) return allowed[0] ?? null;
  const types = type === undefined ? [] : [type].flat();
  if (types.length === 0 || types.includes('null')) return null;
  if (types[0] === 'string') return 'x'.repeat(minLength);
  if (types[0] === 'array') return [];
  if (types[0] === 'boolean') return false;
  return minimum ?? 0;
}

/**
 * The variant that a value claims to be: by its tag, otherwise by its keys; without a value, the first that is not
 * null.
 */
function variantFor(contract: Contract, union: readonly Schema[], given: JsonObject | undefined): Schema {
  const whole = (variant: Schema): Schema =>
    typeof variant === 'object' && variant.$ref !== undefined ? contract.resolve(variant.$ref).schema : variant;
  const isNull = (variant: Schema) => typeof variant === 'object' && variant.type === 'null';
  const real = union.filter((variant) => !isNull(variant));
  const [first] = real;
  if (first === undefined) return union[0] ?? true;
  if (given === undefined) return union.some(isNull) ? (union.find(isNull) as Schema) : first;
  const objects = real.filter((variant) => {
    const schema = whole(variant);
    return (
      typeof schema === 'object' && (isObjectSchema(schema) || schema.oneOf !== undefined || schema.anyOf !== undefined)
    );
  });
  const tagged = objects.filter((variant) => tagsOf(whole(variant)).some(([key, tag]) => given[key] === tag));
  const withKeys = (variants: readonly Schema[]) =>
    variants.find((variant) => {
      const schema = whole(variant);
      return typeof schema === 'object' && Object.keys(given).every((key) => schema.properties?.[key] !== undefined);
    });
  // A tag that no variant has is the script's own: nothing can be filled in then.
  const untagged = objects.every((variant) => !tagsOf(whole(variant)).some(([key]) => given[key] !== undefined));
  return withKeys(tagged) ?? tagged[0] ?? (untagged ? (withKeys(objects) ?? objects[0]) : undefined) ?? true;
}

function tagGiven(union: readonly Schema[], given: JsonObject): boolean {
  return union.some((variant) => tagsOf(variant).some(([key]) => given[key] !== undefined));
}

/** Required properties that allow one value. */
function tagsOf(schema: Schema): [key: string, tag: JsonValue][] {
  if (typeof schema === 'boolean') return [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const only = typeof field === 'object' && field.enum?.length === 1 ? field.enum[0] : undefined;
    return only !== undefined && schema.required?.includes(key) ? [[key, only] as [string, JsonValue]] : [];
  });
}
