import type { JsonSchema, SchemaObject } from './types.ts';

/** The property that distinguishes a union's variant, and its value: `{ property: 'type', value: 'agentMessage' }`. */
export interface VariantTag {
  property: string;
  value: string;
}

/**
 * The tag of one variant: a required property that allows one string. `undefined` if the schema is not such an object.
 */
export function tagOf(schema: JsonSchema): VariantTag | undefined {
  if (typeof schema === 'boolean') return undefined;
  for (const [property, field] of Object.entries(schema.properties ?? {})) {
    if (typeof field === 'boolean' || !schema.required?.includes(property)) continue;
    const value = field.enum?.length === 1 ? field.enum[0] : undefined;
    if (typeof value === 'string') return { property, value };
  }
  return undefined;
}

/** The property in which all variants of the union differ, or `undefined` if no single property distinguishes them. */
export function unionTag(schema: SchemaObject): string | undefined {
  const tags = schema.oneOf?.map(tagOf);
  const property = tags?.[0]?.property;
  if (tags === undefined || property === undefined) return undefined;
  const distinct = new Set(tags.map((tag) => (tag?.property === property ? tag.value : undefined)));
  return distinct.has(undefined) || distinct.size !== tags.length ? undefined : property;
}
