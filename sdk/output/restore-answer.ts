import { isObject } from '../rpc/is-object.ts';
import { type Json, type JsonObject, typesOf } from './schema-node.ts';

/** The schema that a reference means. */
export function referenced(reference: string, strict: JsonObject): JsonObject {
  if (reference === '#') return strict;
  return (strict.$defs as { [name: string]: JsonObject } | undefined)?.[reference.slice('#/$defs/'.length)] ?? {};
}

function resolved(at: JsonObject, strict: JsonObject): JsonObject {
  let node = at;
  while (typeof node.$ref === 'string') node = referenced(node.$ref, strict);
  return node;
}

/**
 * A function that removes from an answer each null that only says that a property is absent. It changes the answer.
 * @param optional the unions whose null says so
 */
export function restoredBy(strict: JsonObject, optional: ReadonlySet<unknown>): (answer: unknown) => unknown {
  function restore(value: Json, at: JsonObject): void {
    const node = resolved(at, strict);
    if (Array.isArray(node.anyOf)) {
      // Values that several parts allow are restored by the first of them.
      const part = node.anyOf.find((one) => fits(value, one as JsonObject));
      if (part !== undefined) restore(value, part as JsonObject);
    } else if (Array.isArray(value)) {
      if (isObject(node.items)) for (const item of value) restore(item, node.items as JsonObject);
    } else if (isObject(value) && isObject(node.properties)) {
      for (const [name, property] of Object.entries(node.properties)) {
        if (!Object.hasOwn(value, name)) continue;
        if (value[name] === null && optional.has(property)) delete (value as JsonObject)[name];
        else restore(value[name] as Json, property as JsonObject);
      }
    }
  }

  function fits(value: Json, at: JsonObject): boolean {
    const node = resolved(at, strict);
    if (Array.isArray(node.anyOf)) return node.anyOf.some((part) => fits(value, part as JsonObject));
    const own = Array.isArray(node.type) ? node.type : [node.type];
    if (!typesOf(value).some((type) => own.includes(type))) return false;
    if ('const' in node && node.const !== value) return false;
    if (Array.isArray(node.enum) && !node.enum.includes(value)) return false;
    if (typeof value === 'string') return typeof node.pattern !== 'string' || matches(value, node.pattern);
    if (typeof value === 'number') return isWithin(value, node);
    if (Array.isArray(value)) {
      const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = node as { minItems?: number; maxItems?: number };
      if (value.length < minItems || value.length > maxItems) return false;
      return value.every((item) => fits(item, node.items as JsonObject));
    }
    if (!isObject(value)) return true;
    const properties = node.properties as { [name: string]: JsonObject };
    const names = Object.keys(properties);
    if (Object.keys(value).length !== names.length) return false;
    return names.every((name) => Object.hasOwn(value, name) && fits(value[name] as Json, properties[name] ?? {}));
  }

  return (answer) => {
    restore(answer as Json, strict);
    return answer;
  };
}

function isWithin(value: number, node: JsonObject): boolean {
  const { minimum: least, maximum: most, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = node;
  if (typeof least === 'number' && value < least) return false;
  if (typeof most === 'number' && value > most) return false;
  if (typeof above === 'number' && value <= above) return false;
  if (typeof below === 'number' && value >= below) return false;
  return typeof step !== 'number' || Number.isInteger(value / step);
}

function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // The engine has another dialect; what follows from the pattern is then left to the validator.
    return true;
  }
}
