import path from 'node:path';
import type { ClientId } from '../../clients/clients.ts';
import type { Difference } from '../../compare/compare.ts';
import { runAll } from '../../run/run-all.ts';
import type { Explorer } from '../explorer.ts';
import { writeFinding } from '../finding-file.ts';
import type { ExploredScenario } from '../types.ts';
import { type SweepCase, scenarioOf } from './case.ts';
import { type CaseVerdict, isDeaf, type JudgedCase, judgeCase, outcomes } from './judge-case.ts';
import { playersOf } from './players.ts';

/** Of the differences of one client in one run. */
const mostKept = 8;

/** What came of one case. */
export interface SweptCase extends JudgedCase {
  id: string;
  fault: string;
  message: string;
  players: ClientId[];
  durationMs: number;
  /** Steps that never ended, by client. */
  hangs: Partial<Record<string, string>>;
  /** What no entry of the ledger explains, by client; the first of them. */
  unexplained: Partial<Record<string, Difference[]>>;
  /** The scenario that shows it, ready to run; only of what differs. */
  file?: string;
}

export interface SweepOptions {
  cases: readonly SweepCase[];
  explorer: Pick<Explorer, 'explore'>;
  present: readonly ClientId[];
  jobs: number;
  /** Where findings are written. */
  findings: string;
  repeatOf(id: string): string;
  onCase(one: SweptCase, ended: number): void;
  /** No case begins after this moment. Default: all do. */
  until?: number;
  signal: AbortSignal;
}

/** Runs cases until they or the signal end. What has ended by then is told, and returned. */
export async function runSweep(options: SweepOptions): Promise<SweptCase[]> {
  const { cases, jobs, onCase, until = Number.POSITIVE_INFINITY, signal } = options;
  const swept: SweptCase[] = [];
  await runAll(
    cases,
    jobs,
    async (one) => {
      if (Date.now() >= until) return;
      const result = await sweepCase(one, options).catch((error: Error) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (result === undefined) return;
      swept.push(result);
      onCase(result, swept.length);
    },
    signal,
  );
  return swept.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function sweepCase(one: SweepCase, options: SweepOptions): Promise<SweptCase> {
  const { explorer, present, findings, repeatOf } = options;
  const standing = scenarioOf(one);
  if (standing === undefined) throw new Error(`${one.id}: the fault cannot strike there`);
  const { file: _file, idLine: _line, stepLines: _lines, ...scenario } = standing;
  const begun = performance.now();
  const players = playersOf(standing, present);
  const { message = '' } = one.base.script.positions[one.position] ?? {};
  const order = {
    scenario: scenario as ExploredScenario,
    players: players.map((client) => ({ client })),
    mayWait: !isDeaf(one.fault, one.family),
    from: one.base.scenario.id,
    outcomes: true,
  };
  const explored = await explorer.explore(order);
  const judged = judgeCase(explored, one.fault);
  const hangs = Object.fromEntries(
    explored.plays.flatMap(({ client, hang }) => (hang === undefined ? [] : [[client, hang]])),
  );
  const unexplained = Object.fromEntries(
    explored.plays.flatMap((play) => {
      const all = outcomes(play, one.fault);
      return all.length === 0 ? [] : [[play.client, all.slice(0, mostKept)]];
    }),
  );
  const facts = { unexplained, id: one.id, fault: one.fault, message, players, hangs };
  const file =
    judged.verdict === 'different'
      ? await writeFinding(findings, {
          scenario: order.scenario,
          findings: [{ client: players.at(-1) as ClientId, kind: 'difference', what: judged.what ?? '' }],
          repeat: repeatOf(one.id),
        })
      : undefined;
  return {
    ...facts,
    ...judged,
    durationMs: Math.round(performance.now() - begun),
    ...(file !== undefined && { file: path.resolve(file) }),
  };
}

const proven: ReadonlySet<CaseVerdict> = new Set(['same', 'known', 'as-another', 'alone'] as const);

/** Of an earlier sweep, what need not be played again. */
export const provenOf = (swept: readonly SweptCase[]): SweptCase[] =>
  swept.filter(({ verdict }) => proven.has(verdict));

/** How many cases came to each verdict. */
export function countVerdicts(swept: readonly SweptCase[]): Record<CaseVerdict, number> {
  const counts = { same: 0, known: 0, 'as-another': 0, alone: 0, unsteady: 0, 'could-not-run': 0, different: 0 };
  for (const { verdict } of swept) counts[verdict] += 1;
  return counts;
}

/** Findings of one kind: what differs, and under which fault. */
export interface FindingGroup {
  what: string;
  fault: string;
  cases: SweptCase[];
}

/** Findings by kind, the most frequent first. */
export function groupFindings(swept: readonly SweptCase[], verdict: CaseVerdict): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const one of swept) {
    if (one.verdict !== verdict) continue;
    const what = one.what ?? '';
    const key = `${one.fault} ${what}`;
    const group = groups.get(key) ?? { what, fault: one.fault, cases: [] };
    group.cases.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.cases.length - a.cases.length);
}
