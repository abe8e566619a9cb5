import { parseYaml, readText, reportTwice } from '../../data/read-yaml.ts';

/** A fact of Python's surface that the naming rule does not apply to, and why. */
export interface SurfaceException {
  /** Name of the fact, according to the rule; see `SurfaceItems`. */
  name: string;
  /** The corresponding fact of ours. Absent for the one of the same name; null if there is none. */
  ours?: string | null;
  reason: string;
}

/** Reads the list. @throws DataError with the place of every problem */
export async function readExceptions(file: string): Promise<SurfaceException[]> {
  return parseYaml<SurfaceException[]>(await readText(file), file, 'surface-exceptions', reportTwice('name')).value;
}
