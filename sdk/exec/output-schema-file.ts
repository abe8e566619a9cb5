import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { LaunchError } from '../errors/connection-errors.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A schema on disk, for the engine to read. */
export interface OutputSchemaFile {
  /** Undefined if there is no schema. */
  path: string | undefined;
  /** Never rejects. */
  remove(): Promise<void>;
}

/**
 * Writes a turn's schema to its own temporary folder.
 * @throws TypeError if the schema is not a plain object or JSON cannot hold it; LaunchError if it cannot be written
 */
export async function writeOutputSchema(schema: unknown): Promise<OutputSchemaFile> {
  if (schema === undefined) return { path: undefined, remove: async () => {} };
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new TypeError('outputSchema must be a plain JSON object');
  }
  const text = JSON.stringify(schema);
  const folder = await makeTemporaryFolder('codex-output-schema-');
  try {
    const path = join(folder.path, 'schema.json');
    await writeFile(path, text);
    return { path, remove: folder.remove };
  } catch (cause) {
    await folder.remove();
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new LaunchError(expectedGot('writing the output schema', 'room for it', got), { cause });
  }
}
