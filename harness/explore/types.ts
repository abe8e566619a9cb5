import type { ClientId } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';

/**
 * A situation that nobody wrote down: a scenario with the script of its engine, as a file of the library has them.
 * Its `id` names the run, and no golden.
 */
export type ExploredScenario = Scenario & Required<Pick<Scenario, 'script'>>;

/** Who plays a run: a client, and of ours one with a bug switched on. */
export interface Player {
  client: ClientId;
  /** Number of the mutant; needs a worker that was bundled with them (`ExplorerOptions.sources`). */
  mutant?: string;
}

/** Plays to compare: each player with the first. */
export interface ExploreOrder {
  scenario: ExploredScenario;
  /** The first is the reference. */
  players: readonly Player[];
  /** Milliseconds for each step, before what a crowded machine needs is added. Default 1000. */
  deadlineMs?: number;
  /** The engine falls silent on purpose: where the reference waits forever, ours may. */
  mayWait?: boolean;
  /** The scenario that the run was made from: what the ledger explains there, it explains here. */
  from?: string;
  /** Only what users see and clients send tells an unsteady run: how much an engine wrote before it was ended does not. */
  outcomes?: boolean;
  /** Look at what our client still holds at the end, too. Takes longer than most runs. */
  holding?: boolean;
  /** Send what each play observed, too. Costs much: for tests, and to look at one run. */
  observations?: boolean;
}

/** What one player did. */
export interface Play extends Player {
  /** The step that never ended, in words; absent if all did. */
  hang?: string;
  /** What it left behind. */
  left?: { processes: string[]; files: string[] };
  /** The driver or the harness failed, or nobody caught an error of our client: there is nothing to compare. */
  failure?: string;
  /** Ours failed, and not the harness: an error that nobody caught, or a process that ended. */
  crashed?: true;
  /** What no entry of the ledger explains, first difference first; none for the reference. */
  unexplained: Difference[];
  /** Entries of the ledger that explain the other differences. */
  known: string[];
  /** Differs when the play is another; compared to tell an unsteady run. */
  digest: string;
  /** Of what its user saw and what it sent, each lane by itself, whatever the engine has said in which order. */
  outcome?: string;
  /** If they were asked for. */
  lines?: ObservationLine[];
  /** Mutants that were reached; only from a worker that was bundled with them. */
  reached?: string[];
}

/** What became of a run. */
export interface Explored {
  /**
   * - `same`: nothing differs but what the ledger explains, nothing hangs in ours, nothing is left
   * - `different`: the same findings, played twice
   * - `unsteady`: a player did something else when it played again, so the run proves nothing
   * - `could-not-run`: the reference or the harness failed, twice
   */
  verdict: 'same' | 'different' | 'unsteady' | 'could-not-run';
  /** In the order of the players. */
  plays: Play[];
  /** Why it is not `same`, one line each. */
  findings: Finding[];
}

export interface Finding extends Player {
  kind: 'difference' | 'hang' | 'left' | 'crash' | 'could-not-run' | 'unsteady';
  /** What is different, in one line: equal for findings of one kind. */
  what: string;
  difference?: Difference;
}
