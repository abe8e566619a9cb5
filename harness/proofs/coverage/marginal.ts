import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ClientId, clientFacts, type EngineKind } from '../../clients/clients.ts';
import { readResults } from '../mutation/results-file.ts';

/** What one scenario shows: points of the protocol, of the user's side, behaviours, mutants. */
export interface Showing {
  scenario: string;
  /** The client that made its golden. */
  client: ClientId;
  engine: EngineKind;
  points: Iterable<string>;
}

/** What a scenario file adds to all others. */
export interface Marginal {
  file: string;
  /** The client and engine that made its golden; for a matrix, those of its first case. */
  client: ClientId;
  engine: EngineKind;
  /** How many scenarios it expands into; 1 without a matrix. */
  cases: number;
  /** How many points it covers. */
  covers: number;
  /** Those that no other file covers. */
  alone: string[];
}

/**
 * What only one scenario file covers, the most useful files first and those that add nothing last. The cases of a
 * matrix belong to one file and do not compete. A point on the real engine and the same point from a script are two
 * points.
 * @param fileOf for a scenario from a matrix, the id of its file; other scenarios are files of their own
 */
export function marginals(showings: readonly Showing[], fileOf: ReadonlyMap<string, string>): Marginal[] {
  const files = new Map<string, FileShowing>();
  const owners = new Map<string, Set<string>>();
  for (const { scenario, client, engine, points } of showings) {
    const name = fileOf.get(scenario) ?? scenario;
    const file = files.get(name) ?? { client, engine, cases: new Set(), points: new Set() };
    files.set(name, file);
    file.cases.add(scenario);
    for (const point of points) {
      const own = `${point} (${engine})`;
      file.points.add(own);
      owners.set(own, (owners.get(own) ?? new Set()).add(name));
    }
  }
  const found = [...files].map(([file, { client, engine, cases, points }]) => {
    const alone = [...points].filter((point) => owners.get(point)?.size === 1);
    return { file, client, engine, cases: cases.size, covers: points.size, alone };
  });
  return found.sort((a, b) => b.alone.length - a.alone.length || (a.file < b.file ? -1 : 1));
}

interface FileShowing extends Pick<Marginal, 'client' | 'engine'> {
  cases: Set<string>;
  points: Set<string>;
}

/**
 * How many files with a golden of a reference client on the real engine cover something no other does; those of `bare`
 * separately.
 */
export function usefulFiles(found: readonly Marginal[]): { official: number; bare: number } {
  const useful = found.filter(
    ({ client, engine, alone }) => engine === 'real' && alone.length > 0 && clientFacts(client).maker !== 'ours',
  );
  const bare = useful.filter(({ client }) => clientFacts(client).maker === 'none').length;
  return { official: useful.length - bare, bare };
}

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
