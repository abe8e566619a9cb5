import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { gapComment } from './gaps.ts';
import type { MergedSchema, Span } from './merged-contract.ts';

/**
 * The TypeScript type of a schema, as an expression.
 *
 * - A string enum stays open (`'a' | 'b' | (string & {})`): a later engine may say more. One lone value is a constant, and stays closed.
 * - Integers are `number`, 64 bits or not: the wire carries JSON numbers.
 * - A schema that allows anything is `unknown`.
 */
export function typeExpression(schema: JsonSchema): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  if (schema.gap !== undefined) return `unknown ${gapComment(schema.gap)}`;
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
function objectExpression(schema: SchemaObject): string {
  const fields = objectFields(schema).map(({ text, tags }) => docLine(tags) + text);
  return fields.length === 0 ? '{ [key: string]: never }' : `{ ${fields.join('; ')} }`;
}

/** A field of an object. */
export interface Field {
  name: string;
  /** As it stands in an interface, without the semicolon. */
  text: string;
  /** Tags of its doc comment. */
  tags: string[];
}

/** The fields of an object; the name of "any other" is empty. */
export function objectFields(schema: SchemaObject): Field[] {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]): Field => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
    const text = `${key}${schema.required?.includes(name) ? '' : '?'}: ${typeExpression(field)}`;
    return { name, text, tags: [...spanTags(field), ...memberTags(field)] };
  });
  const other = (type: string): void => void fields.push({ name: '', text: `[key: string]: ${type}`, tags: [] });
  const rest = schema.additionalProperties;
  if (typeof rest === 'object') other(fields.length === 0 ? typeExpression(rest) : 'unknown');
  // An object without declared fields is open: some are empty today and get fields tomorrow.
  else if (rest === true || (rest === undefined && fields.length === 0)) other('unknown');
  return fields;
}

/** `@since` and `@until` of something that not all engines of the window have. */
export function spanTags(schema: JsonSchema | { span?: Span }): string[] {
  const { span } = schema as { span?: Span };
  return span === undefined ? [] : tagsOf(span);
}

/** The same for the members of a union, and the values of an enum: `@since 0.166.0 for 'sci'`. */
export function memberTags(schema: JsonSchema): string[] {
  if (typeof schema === 'boolean') return [];
  const members = new Map<string, string[]>();
  const add = (name: string, span: Span): void => {
    for (const tag of tagsOf(span)) members.set(tag, [...(members.get(tag) ?? []), name]);
  };
  for (const member of [schema, ...(schema.oneOf ?? schema.anyOf ?? [])] as MergedSchema[]) {
    for (const [value, span] of Object.entries(member.valueSpans ?? {})) add(`'${value}'`, span);
    if (member !== schema && member.span !== undefined) add(memberName(member), member.span);
  }
  return [...members].map(([tag, of]) => `${tag} for ${of.join(', ')}`);
}

/** An object goes by the keys that it must have. */
function memberName(member: SchemaObject): string {
  const keys = member.required ?? Object.keys(member.properties ?? {});
  return member.type === 'object' && keys.length > 0 ? `{ ${keys.join(', ')} }` : typeExpression(member);
}

function tagsOf({ since, until, not = [] }: Span): string[] {
  const without = not.length === 0 ? '' : `, not in ${not.join(', ')}`;
  const tags = [
    ...(since === undefined ? [] : [`@since ${since}`]),
    ...(until === undefined ? [] : [`@until ${until}`]),
  ];
  return tags.length === 0 ? [`@remarks${without.slice(1)}`] : tags.map((tag, at) => (at === 0 ? tag + without : tag));
}

/** The lines of a doc comment: what it says, and its tags. */
export function docBlock(tags: readonly string[], indent = '', text?: string): string {
  const lines = [...(text === undefined ? [] : [text]), ...tags];
  const [only] = lines;
  if (only === undefined) return '';
  if (lines.length === 1 || (text !== undefined && lines.length === 2)) return `${indent}/** ${lines.join(' ')} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */\n`].join('\n');
}

/** The same, with what our words say, or with the placeholder of words that are missing. */
export const docBlockOf = (tags: readonly string[], indent: string, words: Words | undefined): string =>
  words !== undefined && typeof words !== 'string'
    ? `${indent}${gapComment(words.gap)}\n${docBlock(tags, indent)}`
    : docBlock(tags, indent, words);

/** What is said of something in our own words, or the gap where they are missing. */
export type Words = string | { gap: string };

/** A doc comment in front of something on the same line. */
function docLine(tags: readonly string[]): string {
  return tags.length === 0 ? '' : `/** ${tags.join(' ')} */ `;
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
