import { tagOf } from '../../harness/contract/tagged-union.ts';
import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';

type Types = Record<string, SchemaObject>;

/** Names that only the experimental API has, sorted. */
export function experimentalTypes(all: Types, stable: Types): string[] {
  return Object.keys(all)
    .filter((name) => stable[name] === undefined)
    .sort();
}

/** Fields that only the experimental API has, of types (`Type`) and of tagged unions' variants (`Type:tag`) that are there without it. */
export function experimentalFields(all: Types, stable: Types): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  const compare = (name: string, schema: SchemaObject, before: SchemaObject): void => {
    const known = before.properties ?? {};
    const extra = Object.keys(schema.properties ?? {}).filter((field) => known[field] === undefined);
    if (extra.length > 0) fields[name] = extra.sort();
  };
  for (const [name, schema] of Object.entries(all)) {
    const before = stable[name];
    if (before === undefined) continue;
    compare(name, schema, before);
    // Variants are found by tag: the experimental schema inserts some in the middle.
    const variants = new Map((before.oneOf ?? []).map((variant) => [tagOf(variant)?.value, variant]));
    for (const variant of schema.oneOf ?? []) {
      const tag = tagOf(variant);
      const old = tag === undefined ? undefined : variants.get(tag.value);
      if (tag !== undefined && isObject(variant) && isObject(old)) compare(`${name}:${tag.value}`, variant, old);
    }
  }
  return fields;
}

function isObject(schema: JsonSchema | undefined): schema is SchemaObject {
  return typeof schema === 'object';
}
