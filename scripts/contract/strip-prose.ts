import type { JsonSchema, SchemaObject } from '../../harness/contract/types.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { type Gaps, refuseGaps } from './gaps.ts';

/** A schema as the engine prints it: ours plus prose. */
export interface RawSchema {
  [keyword: string]: unknown;
}

const kept = ['$ref', 'type', 'enum', 'format', 'default', 'minimum', 'minLength'] as const;
const types = ['string', 'boolean', 'null', 'integer', 'number', 'array', 'object'];
const prose = ['title', 'description', '$schema', 'definitions'];
const structural = ['properties', 'required', 'additionalProperties', 'items', 'oneOf', 'anyOf', 'allOf'];

/**
 * The schema without titles and descriptions, its keys sorted, so that a new engine version differs only where the protocol does.
 * Property names are never taken for keywords (a property may be called `title`).
 *
 * A keyword or type that this has not met is a gap: dropping it silently would weaken every check made with the contract.
 */
export function stripProse(raw: unknown, where: string, gaps: Gaps = refuseGaps): JsonSchema {
  if (typeof raw === 'boolean') return raw;
  const placeholder = (gap: string): SchemaObject => {
    gaps.tell(gap);
    return { gap };
  };
  if (typeof raw !== 'object' || raw === null)
    return placeholder(expectedGot(`reading ${where}`, 'a schema', typeof raw));
  const schema = raw as RawSchema;
  for (const keyword of Object.keys(schema)) {
    if (!prose.includes(keyword) && !structural.includes(keyword) && !kept.some((name) => name === keyword)) {
      gaps.tell(`Reading ${where}: saw the keyword "${keyword}", which the contract generator does not know`);
    }
  }
  const unheard = [schema.type ?? []].flat().find((type) => !types.some((known) => known === type));
  if (unheard !== undefined)
    return placeholder(`Reading ${where}: saw the type "${unheard}", which the contract generator does not know`);
  const out: SchemaObject = {};
  for (const keyword of kept) if (keyword in schema) Object.assign(out, { [keyword]: schema[keyword] });
  if (out.$ref !== undefined) out.$ref = `#/definitions/${out.$ref.split('/').at(-1)}`;
  for (const keyword of ['oneOf', 'anyOf', 'allOf'] as const) {
    const parts = schema[keyword];
    if (Array.isArray(parts)) out[keyword] = parts.map((part, i) => stripProse(part, `${where}/${keyword}/${i}`, gaps));
  }
  if (schema.properties !== undefined) {
    const properties = schema.properties as RawSchema;
    out.properties = Object.fromEntries(
      Object.keys(properties)
        .sort()
        .map((name) => [name, stripProse(properties[name], `${where}/${name}`, gaps)]),
    );
  }
  if (Array.isArray(schema.required)) out.required = [...(schema.required as string[])].sort();
  if (schema.items !== undefined) out.items = stripProse(schema.items, `${where}[]`, gaps);
  if (schema.additionalProperties !== undefined) {
    out.additionalProperties = stripProse(schema.additionalProperties, `${where}{}`, gaps);
  }
  return out;
}
