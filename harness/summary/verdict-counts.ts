import { engineName } from '../cell/cell-path.ts';
import type { CellResult, Verdict } from '../cell/types.ts';
import { type ClientId, clientFacts, type EngineKind, type Family } from '../clients/clients.ts';

const camel = {
  match: 'match',
  'known-difference': 'knownDifference',
  'not-applicable': 'notApplicable',
  baseline: 'baseline',
  mismatch: 'mismatch',
  'stale-known-difference': 'staleKnownDifference',
  'could-not-run': 'couldNotRun',
} as const satisfies Record<Verdict, string>;

/** Cells by verdict; every verdict is present. */
export type VerdictCounts = Record<(typeof camel)[Verdict], number>;

export function countVerdicts(results: readonly Pick<CellResult, 'verdict'>[]): VerdictCounts {
  const counts = Object.fromEntries(Object.values(camel).map((name) => [name, 0])) as VerdictCounts;
  for (const { verdict } of results) counts[camel[verdict]] += 1;
  return counts;
}

/** How many cells passed and failed. */
export function passedCells(verdicts: VerdictCounts): { passed: number; failed: number } {
  const { match, knownDifference, baseline, mismatch, staleKnownDifference, couldNotRun } = verdicts;
  return { passed: match + knownDifference + baseline, failed: mismatch + staleKnownDifference + couldNotRun };
}

/** The cells of one client on one engine. */
export interface CellTotals {
  family: Family;
  client: ClientId;
  engine: EngineKind;
  /** The real engine's version, where it is another than the pin. */
  engineVersion?: string;
  verdicts: VerdictCounts;
}

/** In the order in which clients and engines first occur. */
export function cellTotals(results: readonly CellResult[]): CellTotals[] {
  const groups = new Map<string, CellResult[]>();
  for (const result of results) {
    const name = `${result.client} ${engineName(result)}`;
    const group = groups.get(name) ?? [];
    group.push(result);
    groups.set(name, group);
  }
  return [...groups.values()].flatMap((group): CellTotals[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { client, engine, engineVersion } = first;
    const on = { engine, ...(engineVersion !== undefined && { engineVersion }) };
    return [{ family: clientFacts(client).family, client, ...on, verdicts: countVerdicts(group) }];
  });
}
