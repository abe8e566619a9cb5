import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';

/**
 * The TypeScript type of a schema, as an expression.
 *
 * - A string enum stays open (`'a' | 'b' | (string & {})`): a later engine may say more. One lone value is a constant, and stays closed.
 * - Integers are `number`, 64 bits or not: the wire carries JSON numbers.
 * - A schema that allows anything is `unknown`.
 */
export function typeExpression(schema: JsonSchema): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  if (schema.$ref !== undefined) return refName(schema.$ref);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) {
    const union = unionExpression(variants);
    return schema.properties === undefined ? union : `${objectExpression(schema)} & (${union})`;
  }
  if (schema.allOf !== undefined) return schema.allOf.map((part) => parenthesise(typeExpression(part))).join(' & ');
  if (schema.enum !== undefined) return enumExpression(schema.enum.map(String));
  if (schema.type === undefined) return 'unknown';
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => ofType(type, schema)).join(' | ');
}

export function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** `{ a: string; b?: number | null }`: a field that is not required is optional. */
export function objectExpression(schema: SchemaObject): string {
  const fields = objectFields(schema);
  return fields.length === 0 ? '{ [key: string]: never }' : `{ ${fields.join('; ')} }`;
}

/** The fields of an object, each as it stands in an interface, without the semicolon. */
export function objectFields(schema: SchemaObject): string[] {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
    return `${key}${schema.required?.includes(name) ? '' : '?'}: ${typeExpression(field)}`;
  });
  const rest = schema.additionalProperties;
  if (typeof rest === 'object') fields.push(`[key: string]: ${fields.length === 0 ? typeExpression(rest) : 'unknown'}`);
  // An object without declared fields is open: some are empty today and get fields tomorrow.
  else if (rest === true || (rest === undefined && fields.length === 0)) fields.push('[key: string]: unknown');
  return fields;
}

/** The union of the schemas; their string enums are put together into one open enum. */
export function unionExpression(variants: JsonSchema[]): string {
  const literals: string[] = [];
  const members: string[] = [];
  for (const variant of variants) {
    if (typeof variant === 'object' && variant.enum !== undefined && tagOf(variant) === undefined)
      literals.push(...variant.enum.map(String));
    // "Any other string or object" keeps the enum open; as a type, the bare object would spoil the narrowing of its siblings.
    else if (!isCatchAll(variant)) members.push(typeExpression(variant));
  }
  if (literals.length > 0) members.unshift(enumExpression(literals, true));
  const distinct = [
    ...new Set(members.flatMap((member) => (member.endsWith(' | null') ? [member.slice(0, -7), 'null'] : [member]))),
  ];
  return [...distinct.filter((member) => member !== 'null'), ...distinct.filter((member) => member === 'null')].join(
    ' | ',
  );
}

export function isCatchAll(schema: JsonSchema): boolean {
  return (
    typeof schema === 'object' &&
    Array.isArray(schema.type) &&
    schema.type.includes('object') &&
    schema.properties === undefined
  );
}

function enumExpression(values: string[], open = values.length > 1): string {
  const literals = values.map((value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(' | ');
  return open ? `${literals} | (string & {})` : literals;
}

function ofType(type: string, schema: SchemaObject): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `${parenthesise(typeExpression(schema.items ?? true))}[]`;
    case 'object':
      return objectExpression(schema);
    default:
      throw new Error(`Writing a type: saw the schema type "${type}", which the protocol generator does not know`);
  }
}

function parenthesise(expression: string): string {
  return /[|&]/.test(expression) && !/^\{[^{}]*\}$/.test(expression) ? `(${expression})` : expression;
}
