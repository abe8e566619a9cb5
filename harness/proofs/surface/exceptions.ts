import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** A fact of Python's surface to which the naming rule does not apply, and why. */
export interface SurfaceException {
  /** Name of the fact, after the rule: see `SurfaceItems`. */
  name: string;
  /** The fact of ours that answers to it. Absent: the one of the same name; null: none does. */
  ours?: string | null;
  reason: string;
}

const known = new Set(['name', 'ours', 'reason']);

/** Reads the list. @throws Error for an entry without name or reason, an unknown key, or a name that is there twice */
export async function readExceptions(file: string): Promise<SurfaceException[]> {
  return parseExceptions(await readFile(file, 'utf8'), file);
}

export function parseExceptions(text: string, file: string): SurfaceException[] {
  const entries = (parse(text) ?? []) as unknown;
  if (!Array.isArray(entries)) throw new Error(`Reading ${file}: it is no list; wanted: entries of name, ours, reason`);
  const seen = new Set<string>();
  return entries.map((entry: Record<string, unknown>, index) => {
    const where = `Reading ${file}: entry ${index + 1} (${String(entry.name)})`;
    for (const key of ['name', 'reason'])
      if (typeof entry[key] !== 'string' || entry[key] === '') throw new Error(`${where}: no ${key}; wanted: a text`);
    for (const key of Object.keys(entry))
      if (!known.has(key)) throw new Error(`${where}: unknown key ${key}; wanted: ${[...known].join(', ')}`);
    const { name } = entry as unknown as SurfaceException;
    if (seen.has(name)) throw new Error(`${where}: the name is there twice; wanted: once`);
    seen.add(name);
    return entry as unknown as SurfaceException;
  });
}
