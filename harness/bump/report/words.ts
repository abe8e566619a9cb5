import type { BumpReport, Change, ChangeClass } from '../types.ts';

export const classWords: Record<ChangeClass, { title: string; says: string }> = {
  breaking: { title: 'Breaking', says: 'Correct code fails.' },
  behaviour: { title: 'Behaviour', says: 'Code keeps working, but you may see something else.' },
  additive: { title: 'Additive', says: 'You notice only if you use it.' },
};
export const classes = Object.keys(classWords) as ChangeClass[];

const verdicts: Record<BumpReport['verdict'], string> = {
  safe: 'safe to take',
  'needs-work': 'needs work',
  'could-not-check': 'could not be checked',
};

/** `0.163.0 → 0.166.0`, with the Python SDKs where they differ. */
export function stepName({ from, to, python }: BumpReport): string {
  const sdk = python.from === python.to ? '' : `Python SDK ${python.from} → ${python.to}`;
  const engine = from === to && sdk !== '' ? `engine ${to}` : `engine ${from} → ${to}`;
  return sdk === '' ? engine : `${engine}, ${sdk}`;
}

/** The step and its verdict, as one line. */
export function conclusion(report: BumpReport): string {
  const count = (kind: ChangeClass) => report.changes.filter((change) => change.class === kind).length;
  const counts = classes.map((kind) => `${count(kind)} ${kind}`).join(', ');
  return `${stepName(report)} ${verdicts[report.verdict]}: ${counts}; ${report.runs.compared} scenarios compared`;
}

const blames: Record<Change['blame'], string> = { engine: 'engine', python: 'Python SDK', ours: 'our client' };

/** Where a change was seen, in words. */
export function proofOf({ source, blame, scenarios, provenBy }: Change): string {
  if (source !== 'behaviour')
    return provenBy.length === 0 ? 'no scenario exercises it' : `exercised by ${few(provenBy)}`;
  if (scenarios === 0) return `${blames[blame]}; its help says so`;
  return `${blames[blame]}; in ${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'}: ${few(provenBy)}`;
}

const few = (names: readonly string[]) =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** What changed, as one line of old and one of new. */
export function linesOf({ example, before, after }: Change): { before?: string; after?: string } {
  if (example?.before !== undefined || example?.after !== undefined)
    return {
      ...(example.before !== undefined && { before: example.before }),
      ...(example.after !== undefined && { after: example.after }),
    };
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return { ...(before !== undefined && { before: text(before) }), ...(after !== undefined && { after: text(after) }) };
}

export const whatWords = ({ what }: Change): string => what.replaceAll('-', ' ');
