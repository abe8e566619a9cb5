import { expectedGot } from '../../native/expected-got.mjs';
import { optionalPeer, rethrow } from './optional-peer.ts';
import { isStandardSchema, type Schema, type SchemaOutput, type StandardIssue } from './standard-schema.ts';
import { fullJsonSchema } from './to-json-schema.ts';

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  /** Where in the value: keys and positions, from the outside in. */
  readonly path: readonly PropertyKey[];
}

/** What a value is by a schema. */
export type Validated<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A schema that is ready for use. */
export interface PreparedSchema<T> {
  /** What a model has to write, without `$schema`. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** Checks a value, and gives what the schema makes of it. Rejects if the schema's own code fails. */
  validate(value: unknown): Promise<Validated<T>>;
}

/**
 * Reads a schema and loads what it needs. Schemas of libraries check themselves, a JSON Schema is checked by ajv.
 * @param doing what needs it, as a gerund
 * @throws TypeError if this is no schema, one that has no JSON Schema, or a JSON Schema that ajv cannot compile
 * @throws CodexError with `kind` `install` for a JSON Schema without the package ajv
 */
export async function prepareSchema<S extends Schema>(
  schema: S,
  doing: string,
): Promise<PreparedSchema<SchemaOutput<S>>> {
  const full = await fullJsonSchema(schema, doing);
  const validate = isStandardSchema(schema) ? standardValidator(schema) : await ajvValidator(full, doing);
  const { $schema: _dialect, ...jsonSchema } = full;
  return { jsonSchema, validate: validate as PreparedSchema<SchemaOutput<S>>['validate'] };
}

type Validate = (value: unknown) => Promise<Validated<unknown>>;

function standardValidator(schema: Extract<Schema, { '~standard': object }>): Validate {
  return async (value) => {
    const result: unknown = await schema['~standard'].validate(value);
    if (typeof result !== 'object' || result === null)
      throw new TypeError(`the schema's validate gave no result but ${result === null ? 'null' : typeof result}`);
    const { issues, value: made } = result as { issues?: Iterable<StandardIssue> | null; value?: unknown };
    return issues === undefined || issues === null ? { value: made } : { issues: Array.from(issues, plainIssue) };
  };
}

// ArkType's lists have classes of their own, and a `map` that makes more of them.
const plainIssue = ({ message, path }: StandardIssue): SchemaIssue => ({
  message: String(message),
  path: Array.from(path ?? [], (part) => (typeof part === 'object' ? part.key : part)),
});

async function ajvValidator(schema: Record<string, unknown>, doing: string): Promise<Validate> {
  const ajv = await optionalPeer('ajv@8', doing, () => ajvFor(schema), 'use a schema of Zod, Valibot or ArkType');
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (cause) {
    const got = `one that ajv refuses: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new TypeError(expectedGot(doing, 'a JSON Schema', got), { cause });
  }
  return async (value) => {
    if ((await validate(value)) !== false) return { value };
    return { issues: (validate.errors ?? []).map(ajvIssue) };
  };
}

/** The compiler for the dialect that a schema names. It neither prints nor refuses keywords that it does not know. */
async function ajvFor({ $schema }: Record<string, unknown>) {
  const options = { allErrors: true, logger: false, strict: false } as const;
  const dialect = typeof $schema === 'string' ? $schema : '';
  if (/draft-07/.test(dialect)) {
    const { Ajv } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'ajv').catch(rethrow);
    return new Ajv(options);
  }
  if (dialect.includes('2019-09')) {
    const { Ajv2019 } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'ajv/dist/2019.js').catch(rethrow);
    return new Ajv2019(options);
  }
  const { Ajv2020 } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'ajv/dist/2020.js').catch(rethrow);
  return new Ajv2020(options);
}

interface AjvError {
  instancePath: string;
  message?: string | undefined;
  params: object;
}

function ajvIssue({ instancePath, message = 'is not valid', params }: AjvError): SchemaIssue {
  const path = instancePath.split('/').slice(1).map(pointerKey);
  // The key stands in none of ajv's texts.
  const key: unknown = Reflect.get(params, 'additionalProperty') ?? Reflect.get(params, 'unevaluatedProperty');
  return { message: key === undefined ? message : `${message}: ${String(key)}`, path };
}

function pointerKey(part: string): PropertyKey {
  const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^(0|[1-9]\d*)$/.test(key) ? Number(key) : key;
}
