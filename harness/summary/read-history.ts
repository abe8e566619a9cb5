import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readChecked } from '../data/schemas.ts';
import type { HistoryEntry } from './history-entry.ts';

export const historyFolder = (root: string): string => path.join(root, 'fixtures', 'history');

/**
 * The committed past summaries of a repository, oldest first; empty if it has no such folder. @throws Error with the
 * name of a file that does not match the schema
 */
export async function readHistory(root: string): Promise<HistoryEntry[]> {
  const folder = historyFolder(root);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`Reading the history: cannot list ${folder}`, { cause });
  }
  const files = names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
  const entries = await Promise.all(files.map((file) => readChecked<HistoryEntry>(file, 'history')));
  // Two runs never start at the same moment; if they did, the commit would decide.
  const order = ({ begun, commit }: HistoryEntry) => `${begun} ${commit}`;
  return entries.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
