import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What is read of a mutant's result (`harness/mutate/results-file.ts`). */
interface Noticed {
  file: string;
  line: number;
  column: number;
  mutator: string;
  replacement: string;
  killer?: string;
  alone?: boolean;
}

/**
 * Mutants of the SDK that the scenarios of one file alone notice, by that which noticed them first: of results that `mutate --alone` wrote.
 * @param files default: `out/mutate/results.jsonl`, if it is there
 */
export function killedAlone(repository: string, files: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  const last = path.join(repository, 'out', 'mutate', 'results.jsonl');
  const named = files.length > 0 ? files : existsSync(last) ? [last] : [];
  const killed = new Map<string, string[]>();
  for (const row of named.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
    if (row === '') continue;
    const { killer, alone, file, line, column, mutator, replacement } = JSON.parse(row) as Noticed;
    if (alone !== true || killer === undefined) continue;
    const name = `${file}:${line}:${column} ${mutator} ${replacement}`;
    killed.set(killer, [...(killed.get(killer) ?? []), name]);
  }
  return killed;
}
