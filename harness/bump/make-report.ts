import type { Contract } from '../contract/types.ts';
import { approve } from './approvals.ts';
import type { BehaviourDiff } from './behaviour-diff.ts';
import { asksForWork, semverOf, verdictOf } from './conclude.ts';
import { diffContracts } from './contract-diff.ts';
import { type Exercised, impactOf } from './impact.ts';
import { readWords } from './scan-mentions.ts';
import type { Approval, BumpReport, Change, Edit, Mention, Runs } from './types.ts';

export interface ReportParts {
  root: string;
  from: string;
  to: string;
  python: { from: string; to: string };
  contracts: { from: Contract; to: Contract };
  /** Of the Python SDK's signatures. */
  surface: readonly Change[];
  behaviour: readonly BehaviourDiff[];
  exercised: Exercised;
  approvals: readonly Approval[];
  /** Why something could not be checked. */
  unchecked: readonly string[];
}

/** Everything that is known of a step, as one report. */
export function makeReport(parts: ReportParts): BumpReport {
  const { behaviour, contracts } = parts;
  const found = [
    ...diffContracts(contracts.from, contracts.to),
    ...parts.surface,
    ...behaviour.flatMap(({ changes }) => changes),
  ];
  const step = { from: parts.from, to: parts.to, python: parts.python };
  const looked = impactOf(found, parts.exercised, readWords(parts.root));
  const { changes, approvals } = approve(looked.changes, parts.approvals, step);
  const { impact } = looked;
  const unrun = behaviour.flatMap(({ unrun: cells }) => cells);
  const unchecked = [
    ...parts.unchecked,
    ...unrun.map(
      ({ scenario, client, reason }) => `${scenario} with ${client} could not run: ${reason.split('\n')[0]}`,
    ),
  ];
  const edits = [...gapsOf(contracts.to), ...editsOf(changes, impact.mentions, behaviour)];
  return {
    schemaVersion: 1,
    ...step,
    ...{ changes, impact },
    verdict: verdictOf({ changes, edits, unchecked, approvals }),
    ...{ unchecked, edits, semver: semverOf(changes), approvals },
    runs: runsOf(behaviour),
  };
}

const runsOf = (diffs: readonly BehaviourDiff[]): Runs => ({
  compared: diffs.reduce((sum, { compared }) => sum + compared, 0),
  unsteady: diffs.flatMap(({ unsteady }) => unsteady),
  notApplicable: diffs.flatMap(({ notApplicable }) => notApplicable),
  durationMs: diffs.reduce((sum, { durationMs }) => sum + durationMs, 0),
});

/** What `npm run generate` would leave as a placeholder: no diff names it, because the contract itself lacks it. */
const gapsOf = ({ index }: Contract): Edit[] =>
  (index.gaps ?? []).map((gap): Edit => ({ todo: `Fill a gap of the new contract: ${gap}`, fingerprints: [] }));

function editsOf(changes: readonly Change[], mentions: readonly Mention[], diffs: readonly BehaviourDiff[]): Edit[] {
  const byPrint = new Map(changes.map((change) => [change.fingerprint, change]));
  const byFile = new Map<string, { todo: string; prints: Set<string> }>();
  for (const { fingerprint, file, line, kind, text } of mentions) {
    const change = byPrint.get(fingerprint);
    if (change === undefined || !asksForWork(change)) continue;
    const key = `${file}:${line}`;
    const known = byFile.get(key) ?? {
      todo: `Line ${line} names ${change.place} (${change.what.replaceAll('-', ' ')}), ${kindWords[kind]}: ${text}`,
      prints: new Set(),
    };
    known.prints.add(fingerprint);
    byFile.set(key, known);
  }
  const named = [...byFile].map(
    ([key, { todo, prints }]): Edit => ({
      todo,
      file: key.replace(/:\d+$/, ''),
      fingerprints: [...prints],
    }),
  );
  const ours = changes.filter((change) => change.blame === 'ours' && asksForWork(change));
  const gone = diffs.flatMap(({ notApplicable }) => notApplicable).filter(({ side }) => side === 'after');
  return [
    ...ours.map(
      (change): Edit => ({
        todo: `Our client differs from the reference: ${change.place}, in ${change.scenarios} scenarios`,
        fingerprints: [change.fingerprint],
      }),
    ),
    ...gone.map(
      ({ scenario, reason }): Edit => ({
        todo: `Give it a range (until): ${reason}`,
        file: `fixtures/scenarios/${scenario}.yaml`,
        fingerprints: [],
      }),
    ),
    ...named,
  ];
}

const kindWords: Record<Mention['kind'], string> = {
  option: 'and users see it',
  type: 'in our code',
  error: 'in how errors are told apart',
  docs: 'in a page',
  scenario: 'in a scenario',
};
