import { countOf, few } from '../few.ts';
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
  return `${stepName(report)} ${verdicts[report.verdict]}: ${counts}; ${playedOn(report)}`;
}

/** How many scenarios were compared, and between what. */
export function playedOn({ runs: { compared, comparedPythons } }: BumpReport): string {
  const pythons = `${countOf(comparedPythons, 'scenario')} compared between the two Python SDKs`;
  if (compared === 0 && comparedPythons > 0) return pythons;
  return `${countOf(compared, 'scenario')} compared${comparedPythons > 0 ? ` between the two engines, ${pythons}` : ''}`;
}

const blames: Record<Change['blame'], string> = {
  engine: 'engine',
  python: 'Python SDK',
  ours: 'the reference, and our client',
};

/** Where a change was seen, in words. */
export function proofOf({ source, blame, scenarios, provenBy, direction }: Change): string {
  if (source === 'surface') return blames[blame];
  if (source === 'contract')
    return `${directions[direction]}; ${provenBy.length === 0 ? 'no scenario shows it' : `shown by ${countOf(provenBy.length, 'scenario')}: ${few(provenBy)}`}`;
  if (scenarios === 0) return `${blames[blame]}; its help says so`;
  return `${blames[blame]}; in ${countOf(scenarios, 'scenario')}: ${few(provenBy)}`;
}

/** Which way what changed goes, seen from a client. */
const directions: Record<Change['direction'], string> = {
  sent: 'sent',
  received: 'received',
  both: 'sent and received',
  none: 'in no message',
};

/** What changed, as one line of old and one of new. */
export function linesOf({ example, before, after, what, place }: Change): { before?: string; after?: string } {
  if (example?.before !== undefined || example?.after !== undefined)
    return {
      ...(example.before !== undefined && { before: example.before }),
      ...(example.after !== undefined && { after: example.after }),
    };
  // Of a field, its name belongs to it.
  const name = /^field-/.test(what) ? (/[^.]+$/.exec(place)?.[0] ?? '') : '';
  const text = (value: unknown) => name + (typeof value === 'string' ? value : JSON.stringify(value));
  return { ...(before !== undefined && { before: text(before) }), ...(after !== undefined && { after: text(after) }) };
}

export const whatWords = ({ what }: Change): string => what.replaceAll('-', ' ');
