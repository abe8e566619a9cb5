import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Ajv, type ValidateFunction } from 'ajv';
import { expectedGot } from '../../native/expected-got.mjs';

/** A published schema, `fixtures/schema/NAME.schema.json`. */
export type SchemaName =
  | 'behaviours'
  | 'bump-approvals'
  | 'coverage-exclusions'
  | 'engine-differences'
  | 'engine-proof'
  | 'equivalent-mutants'
  | 'history'
  | 'known-differences'
  | 'summary'
  | 'surface-exceptions';

/** Compiling a schema costs more than reading everything it checks, so it is done once per process. */
const validators = new Map<SchemaName, ValidateFunction>();

/** The schemas are ours, and `scripts/editor-schemas` checks them; a check here would compile the schema of schemas in each process. */
const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, validateSchema: false });

/** The compiled schema. It is shared: read its `errors` before you call it again. */
export function validatorOf(name: SchemaName): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = new URL(`../../fixtures/schema/${name}.schema.json`, import.meta.url);
  const made = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validators.set(name, made);
  return made;
}

/** What is wrong with a value according to the schema: JSON pointer and problem of each; empty if it is valid. */
export function checkJson(value: unknown, name: SchemaName): string[] {
  const validate = validatorOf(name);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}

/** @throws Error with the file's name if it is not JSON or does not match the schema */
export async function readChecked<T>(file: string, name: SchemaName): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(expectedGot(`reading ${file}`, `JSON of the schema ${name}`, (cause as Error).message), { cause });
  }
  const problems = checkJson(value, name);
  if (problems.length > 0)
    throw new Error(expectedGot(`reading ${file}`, `JSON of the schema ${name}`, `one where ${problems.join('; ')}`));
  return value as T;
}
