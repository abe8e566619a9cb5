import type { Contract } from '../contract/types.ts';
import { approve } from './approvals.ts';
import type { BehaviourDiff } from './behaviour-diff.ts';
import { asksForWork, semverOf, verdictOf } from './conclude.ts';
import { diffContracts } from './contract-diff.ts';
import { countOf, few } from './few.ts';
import { type Exercised, impactOf } from './impact.ts';
import type { Refusals } from './refusals.ts';
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
  /** Scenarios that have a golden: what the new engine lacks is played on the pin as yet. */
  recorded: ReadonlySet<string>;
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
    ...behaviour.flatMap(({ of, refusals }) => (refusals === undefined ? [] : [refusalText(of, refusals, step)])),
    ...unrun.map(
      ({ scenario, client, reason }) => `${scenario} with ${client} could not run: ${reason.split('\n')[0]}`,
    ),
  ];
  const gone = behaviour
    .flatMap(({ notApplicable }) => notApplicable)
    .filter(({ scenario, side }) => side === 'after' && parts.recorded.has(scenario));
  const edits = [
    ...gapsOf(contracts.to),
    ...editsOfOurs(changes),
    ...gone.map(
      ({ scenario, reason }): Edit => ({
        todo: `Give it a range (until: ${parts.from}), as --apply does: ${reason}`,
        file: `fixtures/scenarios/${scenario}.yaml`,
        fingerprints: [],
      }),
    ),
    ...editsOfMentions(changes, impact.mentions),
  ];
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
  compared: comparedOf(diffs, 'engine'),
  comparedPythons: comparedOf(diffs, 'python'),
  unsteady: diffs.flatMap(({ unsteady }) => unsteady),
  notApplicable: diffs.flatMap(({ notApplicable }) => notApplicable),
  durationMs: diffs.reduce((sum, { durationMs }) => sum + durationMs, 0),
});

/** The engines are compared with the older SDK, and the SDKs on the newer engine. */
function refusalText(
  of: BehaviourDiff['of'],
  { refused, of: all, scenario, words }: Refusals,
  step: Pick<ReportParts, 'to' | 'python'>,
): string {
  const sdk = of === 'engine' ? step.python.from : step.python.to;
  return `The Python SDK ${sdk} cannot read engine ${step.to} in ${refused} of ${countOf(all, 'scenario')}, as in ${scenario}: ${words}. Take one that can (--from-python, --python)`;
}

const comparedOf = (diffs: readonly BehaviourDiff[], moved: BehaviourDiff['of']): number =>
  diffs.reduce((sum, { of, compared }) => (of === moved ? sum + compared : sum), 0);

/** What `npm run generate` would leave as a placeholder: no diff names it, because the contract itself lacks it. */
const gapsOf = ({ index }: Contract): Edit[] =>
  (index.gaps ?? []).map((gap): Edit => ({ todo: `Fill a gap of the new contract: ${gap}`, fingerprints: [] }));

/** One for what shows in the same scenarios: most of it follows from one cause. */
function editsOfOurs(changes: readonly Change[]): Edit[] {
  const byScenarios = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.blame !== 'ours' || !asksForWork(change)) continue;
    const scenarios = few(change.provenBy);
    byScenarios.set(scenarios, [...(byScenarios.get(scenarios) ?? []), change]);
  }
  return [...byScenarios].map(
    ([scenarios, own]): Edit => ({
      todo: `Our client differs from the reference in ${scenarios}: ${few(own.map(({ place }) => place))}`,
      fingerprints: own.map(({ fingerprint }) => fingerprint),
    }),
  );
}

/** One for each line of ours that names what changed, however often it does. */
function editsOfMentions(changes: readonly Change[], mentions: readonly Mention[]): Edit[] {
  const byPrint = new Map(changes.map((change) => [change.fingerprint, change]));
  const byLine = new Map<string, { mention: Mention; changes: Change[] }>();
  for (const mention of mentions) {
    const change = byPrint.get(mention.fingerprint);
    if (change === undefined || !asksForWork(change)) continue;
    const key = `${mention.file}:${mention.line}`;
    const known = byLine.get(key) ?? { mention, changes: [] };
    known.changes.push(change);
    byLine.set(key, known);
  }
  return [...byLine.values()].map(({ mention: { file, line, kind, text }, changes: own }): Edit => {
    const names = few(own.map((change) => `${change.place} (${change.what.replaceAll('-', ' ')})`));
    return {
      todo: `Line ${line} names ${names}, ${kindWords[kind]}: ${text}`,
      file,
      fingerprints: own.map(({ fingerprint }) => fingerprint),
    };
  });
}

const kindWords: Record<Mention['kind'], string> = {
  option: 'and users see it',
  type: 'in our code',
  error: 'in how errors are told apart',
  docs: 'in a page',
  scenario: 'in a scenario',
};
