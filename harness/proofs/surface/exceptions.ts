import { parseYaml, readText, reportTwice } from '../../data/read-yaml.ts';

/** A fact of Python's surface to which the naming rule does not apply, and why. */
export interface SurfaceException {
  /** Name of the fact, after the rule: see `SurfaceItems`. */
  name: string;
  /** The fact of ours that answers to it. Absent: the one of the same name; null: none does. */
  ours?: string | null;
  reason: string;
}

/** Reads the list. @throws DataError with the place of every problem */
export async function readExceptions(file: string): Promise<SurfaceException[]> {
  return parseYaml<SurfaceException[]>(await readText(file), file, 'surface-exceptions', reportTwice('name')).value;
}
