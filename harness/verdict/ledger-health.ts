import type { CellResult } from '../cell/types.ts';
import { holds } from '../judging/holds.ts';
import { matchesId } from '../scenario/index.ts';
import { alternatives, appliesTo, type CellName, expiry, type LedgerEntry } from './ledger.ts';

interface LedgerProblem {
  entry: LedgerEntry;
  problem: 'unmatched' | 'expired' | 'no-longer-occurs';
  message: string;
}

export interface RunCell extends CellName {
  /** Ids of the entries that explained a difference in it. */
  used: readonly string[];
  /** It ran and was judged. */
  judged: boolean;
  /** By its nature, the client cannot take part in the scenario on this engine: such a cell can never be judged. */
  notApplicable?: boolean;
}

export interface LedgerCheck {
  ledger: readonly LedgerEntry[];
  /** Ids of every scenario that exists, run or not. */
  scenarios: readonly string[];
  cells: readonly RunCell[];
  today: string;
  engineVersion: string;
}

/**
 * What is wrong with the ledger itself. Each part of an entry must hold by itself: each of its clients, each of its
 * engines that the client can show it on, and each alternative of `{a,b}` in its glob. A problem names the entry
 * narrowed to that part. A part counts as no longer occurring only if every scenario that it names has run for its
 * client on its engine, or cannot: a partial run proves nothing about the rest.
 */
export function ledgerProblems({ ledger, scenarios, cells, today, engineVersion }: LedgerCheck): LedgerProblem[] {
  return ledger.flatMap((entry): LedgerProblem[] => {
    const globs = alternatives(entry.scenario);
    const unmatched = globs.filter((glob) =>
      holds('entry-without-scenario', !scenarios.some((id) => matchesId(id, glob))),
    );
    if (unmatched.length > 0) {
      return unmatched.map((glob) => {
        const message = `${entry.id}: no scenario matches ${glob}`;
        return { entry: { ...entry, scenario: glob }, problem: 'unmatched', message };
      });
    }
    const expired = expiry(entry, today, engineVersion);
    if (expired !== undefined) return [{ entry, problem: 'expired', message: `${entry.id}: ${expired}` }];
    return globs.flatMap((scenario) =>
      entry.clients.flatMap((client): LedgerProblem[] => {
        const part = { ...entry, scenario, clients: [client] };
        const engines = entry.engines ?? ['real', 'fake'];
        const states = engines.map((engine) => stateOf({ ...part, engines: [engine] }, scenarios, cells));
        if (
          holds(
            'entry-impossible',
            states.every((state) => state === 'impossible'),
          )
        ) {
          const message = `${entry.id}: ${client} takes part in no scenario of ${scenario}`;
          return [{ entry: part, problem: 'no-longer-occurs', message }];
        }
        const outlived = engines.filter((_, index) => holds('entry-outlived', states[index] === 'outlived'));
        if (outlived.length === 0) return [];
        const where = `with ${client} on the ${outlived.join(' and the ')} engine in any cell of ${scenario}`;
        const message = `${entry.id}: ${entry.path} no longer occurs ${where}`;
        return [{ entry: { ...part, engines: outlived }, problem: 'no-longer-occurs', message }];
      }),
    );
  });
}

/**
 * What the cells say about a part with one client and one engine. `unknown`: one of them has not run, or could not.
 * `impossible`: none can.
 */
function stateOf(
  part: LedgerEntry,
  scenarios: readonly string[],
  cells: readonly RunCell[],
): 'occurs' | 'unknown' | 'outlived' | 'impossible' {
  const its = cells.filter((cell) => (cell.judged || cell.notApplicable) && appliesTo(part, cell));
  const occurs = its.some((cell) => cell.used.includes(part.id));
  if (holds('entry-still-occurs', occurs)) return 'occurs';
  const told = new Set(its.map(({ scenario }) => scenario));
  const isUntold = scenarios.some((id) => matchesId(id, part.scenario) && !told.has(id));
  if (holds('entry-unproven', isUntold)) return 'unknown';
  return its.some(({ judged }) => judged) ? 'outlived' : 'impossible';
}

/** The problems that a run may tell of: whether an entry still occurs is judged once, by `merge`, and not by each shard. */
export const judgedHere = (problems: readonly LedgerProblem[], isShard: boolean): LedgerProblem[] =>
  problems.filter(({ problem }) => holds('ledger-judged-whole', !isShard || problem === 'expired'));

const fine = new Set(['match', 'known-difference', 'baseline']);

/**
 * Cells whose ledger entry has expired or no longer occurs become `stale-known-difference`, with the problem as the
 * reason.
 */
export function markStale(results: readonly CellResult[], problems: readonly LedgerProblem[]): CellResult[] {
  const stale = problems.filter(({ problem }) => problem !== 'unmatched');
  return results.map((result) => {
    // Whether an entry still occurs is a question to the pin.
    if (holds('stale-on-pin-only', result.engineVersion !== undefined)) return result;
    const found = stale.find(({ entry, problem }) => {
      if (!holds('stale-cell', fine.has(result.verdict) && appliesTo(entry, result))) return false;
      // An expired entry fails where it is still needed; one that no longer occurs fails wherever it applies.
      return problem === 'no-longer-occurs' || result.known.some(({ id }) => id === entry.id);
    });
    return found === undefined ? result : { ...result, verdict: 'stale-known-difference', reason: found.message };
  });
}
