import { ExactNumber, isObject, isWhole, type JsonValue, pointerStep, shown } from '../exact-json.ts';
import { expectedGot } from '../fake-error.ts';
import type { Contract, Schema, SchemaObject } from './contract.ts';

/** Why a value does not match its type. */
export interface ValueProblem {
  /** JSON pointer into the value. */
  path: string;
  expected: string;
  got: string;
  /** The property is missing. */
  missing?: true;
}

/** A problem as an error's text. */
export const problemText = ({ path, expected, got }: ValueProblem): string =>
  expectedGot(`composing ${path || 'it'}`, expected, got, 'Or say wrong: true');

/**
 * Checks a value against a type of the contract. Returns undefined if it matches, otherwise the problem found deepest.
 * Interpreted: the same types precompiled by ajv are 1.4 MB of code, and loading them took longer than the fake's whole
 * start.
 */
export function checkValue(contract: Contract, schema: Schema, value: JsonValue, path = ''): ValueProblem | undefined {
  if (schema === true) return undefined;
  if (schema === false) return { path, expected: 'nothing', got: shown(value) };
  if (schema.$ref !== undefined) return checkValue(contract, contract.resolve(schema.$ref).schema, value, path);
  return (
    checkType(schema, value, path) ??
    checkMembers(contract, schema, value, path) ??
    checkParts(contract, schema, value, path)
  );
}

function checkType(schema: SchemaObject, value: JsonValue, path: string): ValueProblem | undefined {
  const { type, enum: allowed, const: only, pattern, minimum, minLength, minItems } = schema;
  const types = type === undefined ? [] : [type].flat();
  if (types.length > 0 && !types.some((one) => isOfType(value, one))) {
    return { path, expected: types.join(' or '), got: shown(value) };
  }
  if (allowed !== undefined && !allowed.some((one) => one === value)) {
    return { path, expected: `one of ${allowed.map((one) => shown(one)).join(', ')}`, got: shown(value) };
  }
  if (only !== undefined && value !== only) return { path, expected: shown(only), got: shown(value) };
  if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    return { path, expected: `a text of the form ${pattern}`, got: shown(value) };
  }
  if (Array.isArray(value) && minItems !== undefined && value.length < minItems) {
    return { path, expected: `at least ${minItems} elements`, got: shown(value) };
  }
  const number = value instanceof ExactNumber ? Number(value.text) : value;
  if (typeof number === 'number' && minimum !== undefined && number < minimum) {
    return { path, expected: `at least ${minimum}`, got: shown(value) };
  }
  if (typeof value === 'string' && minLength !== undefined && [...value].length < minLength) {
    return { path, expected: `at least ${minLength} characters`, got: shown(value) };
  }
  return undefined;
}

function isOfType(value: JsonValue, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return isWhole(value);
  if (type === 'number') return typeof value === 'number' || value instanceof ExactNumber;
  return typeof value === type;
}

function checkMembers(contract: Contract, schema: SchemaObject, value: JsonValue, path: string) {
  if (Array.isArray(value)) {
    if (schema.items === undefined) return undefined;
    for (const [index, inner] of value.entries()) {
      const problem = checkValue(contract, schema.items, inner, path + pointerStep(index));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const missing = schema.required?.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined)
    return { path, expected: `the property ${missing}`, got: shown(value), missing: true as const };
  for (const [key, inner] of Object.entries(value)) {
    const own = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const problem = checkValue(contract, own ?? schema.additionalProperties ?? true, inner, path + pointerStep(key));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkParts(contract: Contract, { allOf, anyOf, oneOf }: SchemaObject, value: JsonValue, path: string) {
  for (const part of allOf ?? []) {
    const problem = checkValue(contract, part, value, path);
    if (problem !== undefined) return problem;
  }
  for (const [union, most] of [
    [anyOf, Number.POSITIVE_INFINITY],
    [oneOf, 1],
  ] as const) {
    if (union === undefined) continue;
    const problems = union.map((part) => checkValue(contract, part, value, path));
    const fitting = problems.filter((problem) => problem === undefined).length;
    if (fitting === 0) return deepest(problems as ValueProblem[]);
    if (fitting > most)
      return { path, expected: 'a value of one variant', got: `${shown(value)}, which is of ${fitting}` };
  }
  return undefined;
}

/** The variant that came nearest is the most informative. */
function deepest(problems: readonly ValueProblem[]): ValueProblem {
  const depth = ({ path, missing }: ValueProblem) => path.split('/').length * 2 + (missing ? 1 : 0);
  return problems.reduce((best, one) => (depth(one) > depth(best) ? one : best));
}
