import { writeJson } from '../../../testing/json/write-json.ts';
import { clientFacts, type Family } from '../../clients/clients.ts';
import type { Difference } from '../../compare/compare.ts';
import type { Explored, Play } from '../types.ts';
import type { FaultName } from './faults.ts';

/** What came of a case. */
export type CaseVerdict =
  /** Ours does what the reference does. */
  | 'same'
  /** What differs stands in the ledger. */
  | 'known'
  /** Ours does what another official client does, unlike the reference. */
  | 'as-another'
  /** No official client can play it; nothing is wrong with ours. */
  | 'alone'
  /** A client did one thing and then another: the run proves nothing. */
  | 'unsteady'
  | 'could-not-run'
  | 'different';

export interface JudgedCase {
  verdict: CaseVerdict;
  /** What is wrong with ours, in one line; equal for findings of one kind. */
  what?: string;
  difference?: Difference;
  /** Entries of the ledger that explain what differs. */
  known: string[];
}

/** Faults after which no answer can come any more: whoever still waits then waits forever. */
const deaf: ReadonlySet<FaultName> = new Set([
  ...(['exit-zero', 'exit-code', 'exit-told', 'killed', 'crash'] as const),
  ...(['cut-and-exit', 'closed-stdout', 'garbage-line', 'invalid-utf8'] as const),
]);

/** Whether whoever waits for an engine with this fault waits forever. A run of exec ends with its engine, whatever becomes of the output before. */
export const isDeaf = (fault: FaultName, family: Family): boolean =>
  deaf.has(fault) && !(family === 'exec' && fault === 'closed-stdout');

/** The engine reads no more, but what it had read by then is chance. */
const unread: ReadonlySet<FaultName> = new Set(['not-reading', 'closed-stdin'] as const);

/**
 * Judges our client, the last of the players. What it leaves behind, an error that nobody catches, and waiting for an
 * engine that is gone are wrong whatever the others do.
 */
export function judgeCase({ verdict, plays, findings }: Explored, fault: FaultName): JudgedCase {
  const ours = plays.at(-1) as Play;
  const known = [...ours.known];
  const { family } = clientFacts(ours.client);
  const wrong = (what: string, difference?: Difference): JudgedCase => ({
    verdict: 'different',
    what,
    known,
    ...(difference && { difference }),
  });
  if (ours.crashed === true)
    return wrong(`nobody catches an error: ${(ours.failure ?? '').split('\n').slice(0, 12).join(' ')}`);
  if (verdict === 'unsteady') return { verdict, known, what: findings.map(({ what }) => what).join('; ') };
  const failed = plays.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) return { verdict: 'could-not-run', known, what: `${failed.client}: ${failed.failure}` };
  // A run of exec has no client to close: one that still waits keeps its engine.
  const keeps = ours.hang !== undefined && family === 'exec';
  if (ours.left !== undefined && !keeps)
    return wrong(`left behind: ${[...ours.left.processes, ...ours.left.files].join(', ')}`);
  if (ours.hang !== undefined && isDeaf(fault, family) && isOfClient(ours.hang))
    return wrong(`waits for an engine that is gone: ${ours.hang}`);
  const others = plays.slice(1, -1).filter(({ client }) => clientFacts(client).maker === 'official');
  const [first] = outcomes(ours, fault);
  if (first !== undefined && !others.some((other) => isAs(ours, other, fault)))
    return wrong(`${first.kind} ${first.path}`, first);
  if (first !== undefined) return { verdict: 'as-another', known };
  if (plays.length === 1) return { verdict: 'alone', known };
  return { verdict: known.length > 0 ? 'known' : 'same', known };
}

/** Not for an event that never came, nor for the model or the engine: those are asked by the driver. */
const isOfClient = (hang: string): boolean => !/^control\.|\.await\b/.test(hang);

/**
 * What of the differences is an outcome: what the user got, how the engine ended, and what the client sent that the
 * reference did not. What the fake says to a client that asks more, or was never asked, follows from that.
 */
export const outcomes = ({ unexplained }: Play, fault: FaultName): Difference[] =>
  unexplained.filter(
    ({ ch, kind }) =>
      // What is left is judged by itself.
      !['wire.in', 'mark', 'rest'].includes(ch) && !(ch === 'wire.out' && (kind === 'missing' || unread.has(fault))),
  );

/** Whether all that differs in ours differs in the same way in another client. */
function isAs(ours: Play, other: Play, fault: FaultName): boolean {
  const names = (play: Play) =>
    outcomes(play, fault).map(({ kind, path, actual }) => writeJson([kind, path, actual ?? null]));
  const its = new Set(names(other));
  return names(ours).every((name) => its.has(name));
}
