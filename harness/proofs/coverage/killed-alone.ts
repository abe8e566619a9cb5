import { existsSync } from 'node:fs';
import path from 'node:path';
import { readResults } from '../mutation/results-file.ts';

/**
 * Mutants of the SDK that only the scenarios of one file notice, by the scenario that noticed them first, from results
 * of `mutation --alone`.
 * @param files default: `out/mutation/results.jsonl`, if it exists
 */
export async function killedAlone(
  repository: string,
  files: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const last = path.join(repository, 'out', 'mutation', 'results.jsonl');
  const named = files.length > 0 ? files : existsSync(last) ? [last] : [];
  const killed = new Map<string, string[]>();
  for (const { killer, alone, file, line, column, mutator, replacement } of await readResults(named)) {
    if (alone !== true || killer === undefined) continue;
    const name = `${file}:${line}:${column} ${mutator} ${replacement}`;
    killed.set(killer, [...(killed.get(killer) ?? []), name]);
  }
  return killed;
}
