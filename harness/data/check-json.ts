import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';

/** A published schema, `fixtures/schema/NAME.schema.json`. */
export type SchemaName = 'summary' | 'history';

/** Compiling a schema costs more than reading all that it is held against: once per process. */
const validators = new Map<SchemaName, Promise<ValidateFunction>>();

async function compile(name: SchemaName): Promise<ValidateFunction> {
  const file = fileURLToPath(new URL(`../../fixtures/schema/${name}.schema.json`, import.meta.url));
  return new Ajv({ allErrors: true }).compile(JSON.parse(await readFile(file, 'utf8')) as object);
}

/** What is wrong with a value by the schema: JSON pointer and problem of each; empty when it is valid. */
export async function checkJson(value: unknown, name: SchemaName): Promise<string[]> {
  const compiled = validators.get(name) ?? compile(name);
  validators.set(name, compiled);
  const validate = await compiled;
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}

/** @throws Error that names the file, when it is no JSON or not as the schema says */
export async function readChecked<T>(file: string, name: SchemaName): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`Reading ${file}: cannot be read as JSON, wanted a file of the schema ${name}`, { cause });
  }
  const problems = await checkJson(value, name);
  if (problems.length > 0) throw new Error(`Reading ${file}: not as the schema ${name} says: ${problems.join('; ')}`);
  return value as T;
}
