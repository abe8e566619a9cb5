import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** A published schema, `fixtures/schema/NAME.schema.json`. */
export type SchemaName =
  | 'behaviours'
  | 'coverage-exclusions'
  | 'equivalent-mutants'
  | 'history'
  | 'known-differences'
  | 'summary'
  | 'surface-exceptions';

/** Compiling a schema costs more than reading everything it checks, so it is done once per process. */
const validators = new Map<SchemaName, ValidateFunction>();

/** The compiled schema. It is shared: read its `errors` before you call it again. */
export function validatorOf(name: SchemaName): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = new URL(`../../fixtures/schema/${name}.schema.json`, import.meta.url);
  const made = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
  validators.set(name, made);
  return made;
}
