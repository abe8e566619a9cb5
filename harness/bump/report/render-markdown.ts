import { markdownCode, markdownTable, markdownText } from '../../report/ci/markdown.ts';
import { countOf, few } from '../few.ts';
import type { BumpReport, Change } from '../types.ts';
import { enumOf, type Group, groupsOf } from './groups.ts';
import { classes, classWords, conclusion, linesOf, playedOn, proofOf, stepName, whatWords } from './words.ts';

/** GitHub refuses the body of a pull request that is longer than 65,536 characters. */
const longest = 65_000;
const longestLine = 300;

/** `bump.md`: the step for the body of a pull request. What does not fit is counted. Pure; whatever an engine wrote is shown as text. */
export function renderMarkdown(report: BumpReport): string {
  const { changes, edits, runs, unchecked, semver } = report;
  const sources = ['contract', 'surface', 'behaviour'] as const;
  const rows = sources.map((source) => {
    const own = changes.filter((change) => change.source === source);
    return [source, ...classes.map((kind) => own.filter((change) => change.class === kind).length)];
  });
  const head = [
    `# ${markdownText(stepName(report))}`,
    '',
    `**${markdownText(conclusion(report))}.** Proposed step of our own version: ${semver}.`,
    '',
    ...unchecked.flatMap((line) => [`- could not be checked: ${markdownText(line)}`]),
    ...markdownTable(['source', ...classes.map((kind) => classWords[kind].title.toLowerCase())], rows),
    '',
    [
      `${playedOn(report)}.`,
      ...(runs.unsteady.length === 0
        ? []
        : [
            `Not there a second time, or not in each of two runs of the same, and counted for nothing: ${countOf(runs.unsteady.length, 'difference')}, in ${markdownText(few([...new Set(runs.unsteady.flatMap(({ provenBy }) => provenBy))]))}.`,
          ]),
      ...(runs.notApplicable.length === 0
        ? []
        : [
            `Not played, because one side lacks what they name: ${markdownText(few(runs.notApplicable.map(({ scenario }) => scenario)))}.`,
          ]),
    ].join(' '),
    ...(edits.length > 0 ? ['', '## Edits', ''] : []),
  ];
  const todo = edits.map(
    ({ todo: text, file }) => `- [ ] ${file === undefined ? '' : `${markdownCode(file)}: `}${markdownText(text)}`,
  );
  const sections = classes.map((kind) => {
    const own = changes.filter((change) => change.class === kind);
    const { title, says } = classWords[kind];
    return {
      head: ['', `## ${title}`, '', `${says} ${own.length} ${own.length === 1 ? 'change' : 'changes'}.`, ''],
      items: groupsOf(own).map((one) => itemOf(one)),
    };
  });
  // Shares of what is left: the worst first, and none of them nothing.
  const parts = [{ head, items: todo }, ...sections];
  let left = longest - parts.reduce((sum, part) => sum + part.head.join('\n').length + 200, 0);
  const out: string[] = [];
  parts.forEach(({ head: lines, items }, at) => {
    const share = left / (parts.length - at) + (left * (parts.length - at - 1)) / (parts.length * 2);
    const fitting: string[] = [];
    let used = 0;
    for (const item of items) {
      if (used + item.length + 1 > share) break;
      fitting.push(item);
      used += item.length + 1;
    }
    left -= used;
    if (lines.length > 0) out.push(...lines, ...fitting);
    if (fitting.length < items.length) out.push(`- and ${items.length - fitting.length} more, in bump.json`);
  });
  return `${out.join('\n')}\n`;
}

function itemOf({ changes, by }: Group): string {
  const [first] = changes as [Change];
  const approved = first.approved === undefined ? '' : ` Approved: ${markdownText(first.approved)}.`;
  const proof = `(${markdownText(proofOf(first))}).${approved}`;
  if (by === 'values') {
    const values = changes.map(({ before, after }) => String(after ?? before)).join(', ');
    const sign = first.what === 'enum-value-added' ? '+' : '−';
    return [
      `- **enum values ${sign === '+' ? 'added' : 'removed'}** ${markdownCode(enumOf(first.place))} ${proof}`,
      ...line(sign, values),
    ].join('\n');
  }
  if (by === 'request') {
    const parts = changes.flatMap((change) => [`  - ${markdownCode(change.place)}`, ...sides(change, '    ')]);
    return [
      `- **${markdownText(whatWords(first))}**, ${changes.length} changes in the same scenarios ${proof}`,
      ...parts,
    ].join('\n');
  }
  return [`- **${markdownText(whatWords(first))}** ${markdownCode(first.place)} ${proof}`, ...sides(first)].join('\n');
}

function sides(change: Change, indent = '  '): string[] {
  const { before, after } = linesOf(change);
  return [...line('−', before, indent), ...line('+', after, indent)];
}

const line = (sign: string, text: string | undefined, indent = '  ') =>
  text === undefined ? [] : [`${indent}<br>${sign} ${markdownCode(cut(text))}`];

const cut = (text: string) => (text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text);
