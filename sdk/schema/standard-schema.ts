/**
 * What Zod, Valibot, ArkType and others give: a schema by the conventions of Standard Schema 1 and Standard JSON Schema 1
 * (https://standardschema.dev). These are our own declarations of them, so that this package depends on nothing.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    /** The library's name. */
    readonly vendor: string;
    /** Checks a value, and gives what the schema makes of it. */
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** The JSON Schema of the values that `validate` takes; not every library has it. */
    readonly jsonSchema?: StandardConverter | undefined;
    /** For the compiler alone. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The value that a schema made of what it was given, or what is wrong with that. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Turns a schema into JSON Schema, or throws. */
export interface StandardConverter {
  readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
}

/** A JSON Schema as a plain object: draft 2020-12, unless its `$schema` says `draft-07` or `2019-09`. */
export type JsonSchema =
  | { readonly [keyword: string]: unknown; readonly '~standard'?: never }
  // Interfaces of other packages have no index signature.
  | (object & { readonly '~standard'?: never });

/** A schema: of a library that follows Standard Schema, or a JSON Schema. */
export type Schema = StandardSchema | JsonSchema;

/** The type of the values that a schema lets through; `Unknown` for a JSON Schema, which has none. */
export type SchemaOutput<S, Unknown = unknown> =
  S extends StandardSchema<infer _Input, infer Output> ? Output : Unknown;

/** Schemas of ArkType are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return typeof standard === 'object' && standard !== null && typeof Reflect.get(standard, 'validate') === 'function';
}
