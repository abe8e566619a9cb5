import { useRef } from 'preact/hooks';
import { cellPlace } from '../../../../cell/cell-path.ts';
import { differenceWords, shortValue } from '../../../difference-text.ts';
import type { ReportCell, ReportDifference } from '../../../model.ts';
import { rerunCommand } from '../../../rerun-command.ts';
import { CopyButton } from '../shared/copyable.tsx';
import { placeOfDifference } from '../shared/difference-sides.tsx';
import { contentOf } from '../shared/line-words.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { Folded } from '../shared/value.tsx';
import { lineOf } from './align-lanes.ts';

const most = 5;

/** The failure as Markdown: what to paste into an issue, without the report at hand. */
export function ForAnIssue({ report, cell }: { report: ReportIndex; cell: ReportCell }) {
  return <Folded label="As Markdown, for an issue">{() => <Markdown text={markdownOf(report, cell)} />}</Folded>;
}

function Markdown({ text }: { text: string }) {
  const shown = useRef<HTMLPreElement>(null);
  return (
    <>
      <pre ref={shown} tabIndex={0}>
        {text}
      </pre>
      <CopyButton text={text} shown={shown} />
    </>
  );
}

function markdownOf(report: ReportIndex, cell: ReportCell): string {
  const { model, scenarios } = report;
  const { engine, commit } = model.summary;
  const title = scenarios.get(cell.scenario)?.title;
  const differences = cell.unexplained.slice(0, most).map((index) => differenceAt(model, index));
  const rest = cell.unexplained.length - differences.length;
  return [
    `**${cell.scenario}** (${cellPlace(cell)}): ${cell.verdict}`,
    ...(title === undefined ? [] : ['', title]),
    ...differences.flatMap((difference) => {
      const { kind, lane, path } = difference;
      const [expected, actual] = sidesOf(report, cell, difference);
      return [
        '',
        `- \`${path}\` ${differenceWords[kind]}, lane \`${lane}\``,
        `  - golden: ${expected}`,
        `  - ${cell.client}: ${actual}`,
      ];
    }),
    ...(rest > 0 ? ['', `and ${rest} more`] : []),
    '',
    `Engine ${cell.engineVersion ?? engine.version}${commit === null ? '' : `, commit ${commit.slice(0, 10)}`}. Again: \`${rerunCommand(cell)}\``,
    '',
  ].join('\n');
}

const none = 'no such line';

/** What golden and client have: two values, or a line that only one of them has. */
function sidesOf(
  report: ReportIndex,
  cell: ReportCell,
  difference: ReportDifference,
): [golden: string, client: string] {
  const { kind, expected, actual } = difference;
  const place = placeOfDifference(difference);
  const line = place === undefined || kind === 'changed' ? undefined : lineOf(report, cell, place);
  if (line === undefined) return [quoted(shortValue(expected)), quoted(shortValue(actual))];
  const has = quoted(shortValue(contentOf(line.body)));
  return kind === 'missing' ? [has, none] : [none, has];
}

/** As code, whatever backticks are in it. */
function quoted(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
