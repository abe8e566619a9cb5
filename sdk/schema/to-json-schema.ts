import { expectedGot } from '../../native/expected-got.mjs';
import { isObject } from '../rpc/is-object.ts';
import { optionalPeer, rethrow } from './optional-peer.ts';
import { isStandardSchema, type Schema, type StandardSchema } from './standard-schema.ts';

/**
 * The JSON Schema of the values that a schema takes: what a model has to write. A copy of JSON values, without `$schema`.
 * @param doing what needs it, as a gerund
 * @throws TypeError if this is no schema, or one that has no JSON Schema
 */
export async function toJsonSchema(schema: Schema, doing: string): Promise<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = await fullJsonSchema(schema, doing);
  return rest;
}

/** The same, with its `$schema` if it has one. */
export async function fullJsonSchema(schema: Schema, doing: string): Promise<Record<string, unknown>> {
  const made = isStandardSchema(schema) ? await converted(schema, doing) : schema;
  if (!isObject(made))
    throw new TypeError(expectedGot(doing, 'a schema', made === null ? 'null' : typeof made, advice));
  try {
    // A copy: what the program changes in it later was not checked.
    return JSON.parse(JSON.stringify(made));
  } catch (cause) {
    throw new TypeError(expectedGot(doing, 'a JSON Schema of JSON values', String(cause)), { cause });
  }
}

const advice = 'Pass a schema of Zod, Valibot, ArkType or another library with Standard Schema, or a JSON Schema';

async function converted(schema: StandardSchema, doing: string): Promise<unknown> {
  const { vendor, jsonSchema } = schema['~standard'];
  const convert = jsonSchema ? () => jsonSchema.input({ target }) : await converterOf(schema, doing);
  if (!convert) throw unconvertible(doing, `one of ${vendor} that has none`);
  try {
    return convert();
  } catch (cause) {
    throw unconvertible(doing, `one that ${vendor} cannot turn into it: ${messageOf(cause)}`, cause);
  }
}

const target = 'draft-2020-12';

/** For libraries whose schemas have no converter of their own: `zod/mini`, early versions of Zod 4, Valibot. */
async function converterOf(schema: StandardSchema, doing: string): Promise<(() => unknown) | undefined> {
  const { vendor } = schema['~standard'];
  const instead = 'pass withJsonSchema(schema, jsonSchema)';
  if (vendor === 'valibot') {
    const load = () => import(/* webpackIgnore: true */ /* @vite-ignore */ '@valibot/to-json-schema').catch(rethrow);
    const { toJsonSchema: convert } = await optionalPeer('@valibot/to-json-schema', doing, load, instead);
    return () => convert(schema as unknown as Parameters<typeof convert>[0], { target, typeMode: 'input' });
  }
  // Zod 3 has no way to JSON Schema.
  if (vendor === 'zod' && '_zod' in schema) {
    const load = () => import(/* webpackIgnore: true */ /* @vite-ignore */ 'zod/v4/core').catch(rethrow);
    const { toJSONSchema: convert } = await optionalPeer('zod', doing, load, instead);
    return () => convert(schema as unknown as Parameters<typeof convert>[0], { target, io: 'input' });
  }
  return undefined;
}

function unconvertible(doing: string, got: string, cause?: unknown): TypeError {
  const advice = 'Write the JSON Schema yourself and pass withJsonSchema(schema, jsonSchema)';
  const text = expectedGot(doing, 'a schema with a JSON Schema', got, advice);
  return new TypeError(text, cause === undefined ? undefined : { cause });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
