import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { LaunchError } from '../errors/connection-errors.ts';

/** The folders that still exist. */
export const folders = new Set<string>();

/** The program exits in the middle of a turn: nothing asynchronous is possible any more. */
function removeAll(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true });
    } catch {
      // A temporary file that cannot be removed is no reason to disturb the program's exit.
    }
  }
}

export interface TemporaryFolder {
  path: string;
  /** Removes it with everything in it. Never rejects. */
  remove(): Promise<void>;
}

/**
 * Creates a folder in the system's temp folder. It is removed by `remove()` or when the program exits, unless a signal
 * kills the program at once.
 * @throws LaunchError if it cannot be created
 */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const parent = tmpdir();
  const path = await mkdtemp(join(parent, prefix)).catch((cause: Error) => {
    const text = expectedGot('making a temporary folder', `a writable ${parent}`, cause.message, 'Set TMPDIR');
    throw new LaunchError(text, { cause });
  });
  if (folders.size === 0) process.on('exit', removeAll);
  folders.add(path);
  return {
    path,
    async remove() {
      // A folder that cannot be removed is no reason to fail a turn either.
      await rm(path, { recursive: true }).catch(() => {});
      if (folders.delete(path) && folders.size === 0) process.off('exit', removeAll);
    },
  };
}

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
