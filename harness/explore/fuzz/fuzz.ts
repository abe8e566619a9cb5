import fc from 'fast-check';
import type { Contract } from '../../contract/types.ts';
import { runAll } from '../../run/run-all.ts';
import { partOf, type Shard } from '../../run/shard.ts';
import { neededCapabilities } from '../../scenario/select-clients.ts';
import type { Explorer } from '../explorer.ts';
import type { Explored, ExploredScenario, Finding, Player } from '../types.ts';
import { compose } from './compose.ts';
import type { OnlyOurs } from './only-ours.ts';
import { type Plan, plans } from './plan.ts';

/** So many plays are spent on making a finding small. */
const mostShrinks = 60;

export interface FuzzOptions {
  explorer: Pick<Explorer, 'explore'>;
  /** The messages of the engine follow it: that of the official pair, whose types Python has. */
  contract: Contract;
  seed: number;
  /** Numbers of the runs, from 1: with the seed, a number is a run. */
  runs: readonly number[];
  jobs: number;
  signal: AbortSignal;
  /** Who plays beside the reference. Default: ours. */
  players?: readonly Player[];
  /** Called when a run has ended, before it is made small. */
  onRun?(run: number, told: Explored): void;
  /** Called for each kind of finding once, when it has been made small; awaited. */
  onFound?(found: Found): void | Promise<void>;
}

/** The first run that shows a kind of finding, made small. */
export interface Found {
  run: number;
  scenario: ExploredScenario;
  told: Explored;
}

/** What was done, and what came of it. */
export interface FuzzCounts {
  runs: number;
  verdicts: Record<Explored['verdict'], number>;
  /** Runs with each kind of finding, by what is found. */
  kinds: Record<string, number>;
  /** Runs in which the reference hung, and ours. */
  hangs: { reference: number; ours: number };
  /** Runs that each entry of the ledger explained. */
  known: Record<string, number>;
}

/** Makes runs of a seed, plays them, and makes small what differs. An abort ends it; what was found until then stands. */
export async function fuzz(options: FuzzOptions): Promise<FuzzCounts> {
  const { explorer, contract, seed, runs, jobs, signal, players = ours, onRun, onFound } = options;
  const counts: FuzzCounts = {
    runs: 0,
    verdicts: { same: 0, different: 0, unsteady: 0, 'could-not-run': 0 },
    kinds: {},
    hangs: { reference: 0, ours: 0 },
    known: {},
  };
  const drawn = plans(contract);
  const one = async (run: number) => {
    let first: Explored | undefined;
    let last: Found | undefined;
    let plays = 0;
    const play = async (plan: Plan): Promise<boolean> => {
      if (plays++ > mostShrinks || signal.aborted) return true;
      const scenario = compose(`found/fuzz-${seed}-${run}`, plan);
      const told = await explorer.explore({ scenario, players: playersOf(scenario, run, players) });
      if (first === undefined) {
        first = told;
        count(counts, told);
        onRun?.(run, told);
        const isNew =
          told.verdict === 'different' && told.findings.some((finding) => counts.kinds[kindOf(finding)] === 1);
        if (!isNew || onFound === undefined) return true;
      } else if (
        told.verdict !== 'different' ||
        !told.findings.some((found) => first?.findings.some((other) => kindOf(found) === kindOf(other)))
      )
        return true;
      last = { run, scenario, told };
      return false;
    };
    await fc.check(fc.asyncProperty(drawn, play), { seed: seedOf(seed, run), numRuns: 1 });
    if (last !== undefined) await onFound?.(last);
  };
  await runAll(
    runs,
    jobs,
    async (run) => {
      try {
        await one(run);
      } catch (error) {
        // What an abort breaks off is no error.
        if (!signal.aborted) throw error;
      }
    },
    signal,
  );
  return counts;
}

/** The numbers of a shard's runs. */
export const runsOf = (count: number, shard: Shard | undefined): number[] => {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return shard === undefined ? all : partOf(all, shard);
};

/** The scenario of a run, without playing it. */
export function scenarioOfRun(contract: Contract, seed: number, run: number, own?: OnlyOurs): ExploredScenario {
  const [plan] = fc.sample(plans(contract), { seed: seedOf(seed, run), numRuns: 1 }) as [Plan];
  return compose(`found/fuzz-${seed}-${run}`, { ...plan, own: plan.own ?? own });
}

const ours: readonly Player[] = [{ client: 'ts' }];

/** The reference first: the synchronous client and the asynchronous one in turn, where both can; ours itself, where only ours can. */
export function playersOf(scenario: ExploredScenario, run: number, players = ours): Player[] {
  if (scenario.clients?.every((client) => client === 'ts') === true) return [...ours, ...players];
  const isAsync =
    scenario.clients?.includes('python') === false || neededCapabilities(scenario).includes('cancel') || run % 2 === 0;
  return [{ client: isAsync ? 'python-async' : 'python' }, ...players];
}

/** Findings of one kind have the same text: numbers in names and places say nothing. */
export const kindOf = ({ client, mutant, kind, what }: Finding): string =>
  `${client}${mutant === undefined ? '' : ` ${mutant}`} ${kind} ${what.replaceAll(/\d+/g, '#')}`;

function count(counts: FuzzCounts, told: Explored): void {
  counts.runs += 1;
  counts.verdicts[told.verdict] += 1;
  const add = (to: Record<string, number>, name: string) => {
    to[name] = (to[name] ?? 0) + 1;
  };
  if (told.verdict === 'different') for (const kind of new Set(told.findings.map(kindOf))) add(counts.kinds, kind);
  const [reference, ...others] = told.plays;
  if (reference?.hang !== undefined) counts.hangs.reference += 1;
  if (others.some(({ hang }) => hang !== undefined)) counts.hangs.ours += 1;
  for (const id of new Set(others.flatMap(({ known }) => known))) add(counts.known, id);
}

function seedOf(seed: number, run: number): number {
  let mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(run, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
