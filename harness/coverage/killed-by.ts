import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Mutants by the scenario that kills them, as the last kill score wrote them (`out/mutate/killed.json`: scenario id → names of mutants); none where there was none. */
export function killedBy(repository: string): ReadonlyMap<string, readonly string[]> {
  const file = path.join(repository, 'out', 'mutate', 'killed.json');
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>));
}
