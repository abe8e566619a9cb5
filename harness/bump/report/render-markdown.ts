import { markdownCode, markdownTable, markdownText } from '../../report/ci/markdown.ts';
import type { BumpReport, Change } from '../types.ts';
import { classes, classWords, conclusion, linesOf, proofOf, stepName, whatWords } from './words.ts';

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
    `${runs.compared} scenarios were played on both sides; ${runs.unsteady.length} differences were not there a second time and count for nothing; ${runs.notApplicable.length} scenarios name what one side lacks.`,
    '',
    ...(edits.length > 0 ? ['## Edits', ''] : []),
  ];
  const todo = edits.map(
    ({ todo: text, file }) => `- [ ] ${file === undefined ? '' : `${markdownCode(file)}: `}${markdownText(text)}`,
  );
  const sections = classes.map((kind) => {
    const own = changes.filter((change) => change.class === kind);
    const { title, says } = classWords[kind];
    return {
      head: ['', `## ${title}`, '', `${says} ${own.length} ${own.length === 1 ? 'change' : 'changes'}.`, ''],
      items: own.map((one) => itemOf(one)),
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

function itemOf(change: Change): string {
  const approved = change.approved === undefined ? '' : ` Approved: ${markdownText(change.approved)}.`;
  const title = `- **${markdownText(whatWords(change))}** ${markdownCode(change.place)} (${markdownText(proofOf(change))}).${approved}`;
  const { before, after } = linesOf(change);
  const line = (sign: string, text: string | undefined) =>
    text === undefined ? [] : [`  <br>${sign} ${markdownCode(cut(text))}`];
  return [title, ...line('−', before), ...line('+', after)].join('\n');
}

const cut = (text: string) => (text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text);
