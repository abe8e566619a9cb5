import { parseYaml, readText, reportTwice } from '../data/read-yaml.ts';
import type { Approval, BumpReport, Change } from './types.ts';

type Step = Pick<BumpReport, 'from' | 'to' | 'python'>;

/** `fixtures/bump-approvals.yaml`. @throws DataError with the place of everything that is wrong with the file */
export async function readApprovals(file: string): Promise<Approval[]> {
  return parseYaml<Approval[]>(await readText(file), file, 'bump-approvals', (entries, report) => {
    reportTwice('fingerprint')(entries, report);
    for (const [index, { from, to }] of entries.entries())
      if (compareVersions(from, to) >= 0) report([index, 'to'], `expected a version after ${from}, got ${to}`);
  }).value;
}

/** The changes with the reasons of the approvals that name them, and which approvals of this step name nothing. */
export function approve(
  changes: readonly Change[],
  approvals: readonly Approval[],
  step: Step,
): Pick<BumpReport, 'changes' | 'approvals'> {
  const named = new Map(approvals.map((approval) => [approval.fingerprint, approval]));
  const applied = new Set<Approval>();
  const judged = changes.map(({ approved: _, ...change }) => {
    const approval = named.get(change.fingerprint);
    if (approval === undefined || !contains(stepOf(change, step), approval)) return change;
    applied.add(approval);
    return { ...change, approved: approval.reason };
  });
  const ofThisStep = ({ from, to }: Approval) => [step, step.python].some((one) => one.from === from && one.to === to);
  return {
    changes: judged,
    approvals: {
      applied: [...applied],
      unmatched: approvals.filter((approval) => ofThisStep(approval) && !applied.has(approval)),
    },
  };
}

/** A change of Python's is one of the step from one Python SDK to the other. */
const stepOf = ({ source, blame }: Change, step: Step) =>
  source === 'surface' || blame === 'python' ? step.python : step;

const contains = (step: { from: string; to: string }, { from, to }: Approval): boolean =>
  compareVersions(step.from, from) <= 0 && compareVersions(to, step.to) <= 0;

/** As semver orders them, as far as engines use it: numbers by value, and a release after its previews. */
export function compareVersions(a: string, b: string): number {
  const [one = '', preview = ''] = a.split(/-(.*)/);
  const [other = '', otherPreview = ''] = b.split(/-(.*)/);
  const numbers = one.localeCompare(other, 'en', { numeric: true });
  if (numbers !== 0) return numbers;
  if (preview === '' || otherPreview === '') return Number(preview === '') - Number(otherPreview === '');
  return preview.localeCompare(otherPreview, 'en', { numeric: true });
}
