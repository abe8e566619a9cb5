import type { Contract, JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { type Gaps, gapComment, refuseGaps } from './gaps.ts';
import type { MergedSchema } from './merged-contract.ts';
import { type TypeWords, typeWords } from './protocol-words.ts';
import {
  docBlock,
  docBlockOf,
  memberTags,
  objectFields,
  refName,
  spanTags,
  typeExpression,
  unionExpression,
  type Words,
} from './type-expression.ts';
import { variantLabel } from './variant-label.ts';

/**
 * Every type of the contract as a declaration, in the order of their names. The variants of a union get names of their own:
 * tag or only key, then the union's name (`AgentMessageThreadItem`). What not all engines of the window have is tagged with `@since` and
 * `@until`.
 *
 * Types and fields that have words of ours have them as doc comments. It is a gap when such a type has a field without words, when an item has none at
 * all, and when two declarations would have the same name: the variant then stands in the union without one.
 */
export function declareTypes(
  { schema, methods }: Contract,
  gaps: Gaps = refuseGaps,
  words: Readonly<Record<string, TypeWords>> = typeWords,
): string[] {
  const declared = new Set(Object.keys(schema.definitions));
  const experimental = new Set(methods.experimentalTypes);
  const constants = typeConstants(schema.definitions);
  const docs = (tags: readonly string[], name: string) => docBlock(tags, '', words[name]?.is);
  const declareOwn = (name: string, definition: SchemaObject, fields: ReadonlySet<string>) =>
    declare(name, definition, fields, fieldWords(name, words[name], gaps));
  return Object.entries(schema.definitions).flatMap(([name, definition]) => {
    const tags = [...(experimental.has(name) ? ['@experimental'] : []), ...spanTags(definition)];
    const fields = (of: string): ReadonlySet<string> => new Set(methods.experimentalFields[of]);
    const variants = definition.oneOf ?? definition.anyOf;
    if (variants === undefined && definition.enum?.length === 1 && !constants.has(name)) {
      // An enum of one value today: open like every other.
      return [`${docBlock(tags)}export type ${name} = ${unionExpression([definition])};`];
    }
    if (variants === undefined)
      return [docs([...tags, ...memberTags(definition)], name) + declareOwn(name, definition, fields(name))];
    const own: string[] = [];
    const members = variants.map((variant): JsonSchema => {
      const label = variantLabel(variant);
      if (typeof variant === 'boolean' || label === undefined) return variant;
      const variantName = pascal(label) + name;
      if (declared.has(variantName)) {
        const gap = `Naming the variant "${label}" of ${name}: the name ${variantName} is taken`;
        gaps.tell(gap);
        own.push(gapComment(gap));
        return withBase(variant, definition);
      }
      declared.add(variantName);
      const { span } = variant as MergedSchema;
      const variantTags =
        span === undefined ? tags : [...tags.slice(0, experimental.has(name) ? 1 : 0), ...spanTags(variant)];
      const missing = name === 'ThreadItem' && words[variantName] === undefined;
      const body = declareOwn(variantName, withBase(variant, definition), fields(`${name}:${label}`));
      const gap = `Words of ${variantName} are missing in ${home}`;
      if (missing) gaps.tell(gap);
      own.push(docBlockOf(variantTags, '', missing ? { gap } : words[variantName]?.is) + body);
      return { $ref: `#/definitions/${variantName}`, ...(span && { span }) };
    });
    const ofMembers = memberTags({ oneOf: members }).filter(
      (tag) => !tags.some((own) => tag.startsWith(`${own} for `)),
    );
    const doc = docBlock([...tags, ...ofMembers]);
    return [...own, `${doc}export type ${name} =${onePerLine(unionExpression(members))};`];
  });
}

const home = 'scripts/contract/protocol-words.ts';

/** What is said of a type's field; undefined where nothing is said of the type. */
const fieldWords =
  (type: string, words: TypeWords | undefined, gaps: Gaps) =>
  (field: string): Words | undefined => {
    const said = words?.fields[field];
    if (said !== undefined || words === undefined || field === '') return said;
    const gap = `Words of the field ${field} of ${type} are missing in ${home}`;
    gaps.tell(gap);
    return { gap };
  };

/** Enums of one value that stand in a required field `type`: they tell union members apart, and must stay closed for that. */
function typeConstants(definitions: Record<string, SchemaObject>): ReadonlySet<string> {
  const names = Object.values(definitions).map(({ properties, required }) => {
    const field = required?.includes('type') ? properties?.type : undefined;
    return typeof field === 'object' && field.$ref !== undefined ? refName(field.$ref) : undefined;
  });
  return new Set(names.filter((name) => name !== undefined));
}

/** What follows the `=`: a union too long for one line has one member per line, so that a new member is one line of diff. */
function onePerLine(union: string): string {
  return union.length < 100 || union.includes(': ') ? ` ${union}` : `\n  | ${union.replaceAll(' | ', '\n  | ')}`;
}

/** Some unions have fields beside their variants: every variant has them. */
function withBase(variant: SchemaObject, base: SchemaObject): SchemaObject {
  if (base.properties === undefined) return variant;
  return {
    ...variant,
    properties: { ...base.properties, ...variant.properties },
    required: [...(base.required ?? []), ...(variant.required ?? [])],
  };
}

function declare(
  name: string,
  schema: SchemaObject,
  experimental: ReadonlySet<string>,
  wordsOf: (field: string) => Words | undefined,
): string {
  const plainObject = schema.type === 'object' && (schema.oneOf ?? schema.anyOf ?? schema.allOf) === undefined;
  const fields = objectFields(schema);
  const body = (indent: string): string =>
    fields
      .map((field) => {
        const tags = [...(experimental.has(field.name) ? ['@experimental'] : []), ...field.tags];
        return `${docBlockOf(tags, indent, wordsOf(field.name))}${indent}${field.text};\n`;
      })
      .join('');
  const variants = schema.oneOf ?? schema.anyOf;
  if (!plainObject && variants !== undefined && schema.properties !== undefined) {
    const members = memberTags({ oneOf: variants });
    return `${docBlock(members)}export type ${name} = {\n${body('  ')}} & (${unionExpression(variants)});`;
  }
  if (!plainObject) return `export type ${name} =${onePerLine(typeExpression(schema))};`;
  if (fields.length === 0) return `export type ${name} = { [key: string]: never };`;
  return `export interface ${name} {\n${body('  ')}}`;
}

function pascal(words: string): string {
  // The slash is spelt out: elicitation has both a mode `openaiForm` and a mode `openai/form`.
  return words
    .replaceAll('/', '-slash-')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
