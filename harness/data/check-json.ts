import { readFile } from 'node:fs/promises';
import { expectedGot } from '../../native/expected-got.mjs';
import { type SchemaName, validatorOf } from './schemas.ts';

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
