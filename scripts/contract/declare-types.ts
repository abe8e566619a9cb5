import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { Contract, JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { isCatchAll, objectFields, refName, typeExpression, unionExpression } from './type-expression.ts';

/**
 * Every type of the contract as a declaration, in the order of their names. The variants of a union get names of their own:
 * tag or only key, then the union's name (`AgentMessageThreadItem`).
 *
 * @throws when two declarations would have the same name.
 */
export function declareTypes({ schema, methods }: Contract): string[] {
  const declared = new Set(Object.keys(schema.definitions));
  const experimental = new Set(methods.experimentalTypes);
  const constants = typeConstants(schema.definitions);
  return Object.entries(schema.definitions).flatMap(([name, definition]) => {
    const note = experimental.has(name) ? '/** @experimental */\n' : '';
    const fields = (of: string): ReadonlySet<string> => new Set(methods.experimentalFields[of]);
    const variants = definition.oneOf ?? definition.anyOf;
    if (variants === undefined && definition.enum?.length === 1 && !constants.has(name)) {
      // An enum of one value today: open like every other.
      return [`${note}export type ${name} = ${unionExpression([definition])};`];
    }
    if (variants === undefined) return [note + declare(name, definition, fields(name))];
    const own: string[] = [];
    const members = variants.map((variant): JsonSchema => {
      const label = variantLabel(variant);
      if (typeof variant === 'boolean' || label === undefined) return variant;
      const variantName = pascal(label) + name;
      if (declared.has(variantName))
        throw new Error(`Naming the variant "${label}" of ${name}: the name ${variantName} is taken`);
      declared.add(variantName);
      own.push(note + declare(variantName, withBase(variant, definition), fields(`${name}:${label}`)));
      return { $ref: `#/definitions/${variantName}` };
    });
    return [...own, `${note}export type ${name} =${onePerLine(unionExpression(members))};`];
  });
}

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

/** What tells the variant from the others: its tag, or its only key where the key is the tag. */
function variantLabel(variant: JsonSchema): string | undefined {
  if (typeof variant === 'boolean' || isCatchAll(variant)) return undefined;
  const keys = Object.keys(variant.properties ?? {});
  return tagOf(variant)?.value ?? (keys.length === 1 && variant.required?.[0] === keys[0] ? keys[0] : undefined);
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

function declare(name: string, schema: SchemaObject, experimental: ReadonlySet<string>): string {
  const plainObject = schema.type === 'object' && (schema.oneOf ?? schema.anyOf ?? schema.allOf) === undefined;
  if (!plainObject) return `export type ${name} =${onePerLine(typeExpression(schema))};`;
  const fields = objectFields(schema);
  if (fields.length === 0) return `export type ${name} = { [key: string]: never };`;
  const lines = fields.map((field) => {
    const note = experimental.has(/^[\w$]+/.exec(field)?.[0] ?? '') ? '  /** @experimental */\n' : '';
    return `${note}  ${field};`;
  });
  return `export interface ${name} {\n${lines.join('\n')}\n}`;
}

function pascal(words: string): string {
  // The slash is spelt out: elicitation has both a mode `openaiForm` and a mode `openai/form`.
  return words
    .replaceAll('/', '-slash-')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
