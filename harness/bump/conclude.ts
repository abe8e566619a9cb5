import { holds } from '../judging/holds.ts';
import type { BumpReport, BumpVerdict, Change, Semver } from './types.ts';

/** `2` is a command line that is not understood. */
export const exitCodes: Readonly<Record<BumpVerdict, number>> = { safe: 0, 'needs-work': 1, 'could-not-check': 3 };

/**
 * Whether the step can be taken. What could not be checked is never a verdict. Additive changes ask for no work: `--apply` takes them; nor do approved
 * ones.
 */
export function verdictOf({
  changes,
  edits,
  unchecked,
  approvals,
}: Pick<BumpReport, 'changes' | 'edits' | 'unchecked' | 'approvals'>): BumpVerdict {
  if (holds('step-unchecked', unchecked.length > 0)) return 'could-not-check';
  const work = changes.some(asksForWork) || edits.length > 0 || approvals.unmatched.length > 0;
  return holds('step-asks-for-work', work) ? 'needs-work' : 'safe';
}

export function asksForWork({ class: of, blame, approved }: Change): boolean {
  if (holds('change-approved', approved !== undefined)) return false;
  return holds('change-not-additive', of !== 'additive') || holds('change-is-ours', blame === 'ours');
}

/** What a user of ours sees of it; an approval changes nothing of that. */
export function semverOf(changes: readonly Change[]): Semver {
  const levels = changes.map((change): Semver => {
    if (change.class === 'breaking') return 'major';
    // No message and no name of the SDK's tells the user.
    const unseen = change.what === 'model-request' || (change.source === 'contract' && change.direction === 'none');
    return unseen ? 'patch' : 'minor';
  });
  return (['major', 'minor', 'patch'] as const).find((level) => levels.includes(level)) ?? 'none';
}
