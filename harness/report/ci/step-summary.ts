import { cellPlace } from '../../cell/cell-path.ts';
import { type CellResult, failingVerdicts } from '../../cell/types.ts';
import { headlineOf, oursTogether } from '../../summary/headline.ts';
import { passedAndFailed, type Summary } from '../../summary/summary.ts';
import { passedCells } from '../../summary/verdict-counts.ts';
import { labelDifferences } from '../../verdict/label.ts';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import type { LedgerKind } from '../../verdict/ledger-kinds.ts';
import { shortValue } from '../difference-text.ts';
import { rerunCommand } from '../rerun-command.ts';
import { sensitivityWords } from '../sensitivity-words.ts';
import { markdownCode, markdownTable, markdownText, type TableCell } from './markdown.ts';

/** GitHub refuses a summary of more than 1 MiB; each of these takes at most some kilobytes. */
const mostShown = 25;

export interface StepSummaryInput {
  summary: Summary;
  results: readonly CellResult[];
  ledger: readonly LedgerEntry[];
  /** The file and line that a failing cell is about: see `failingLine`. */
  placeOf(result: CellResult): { file: string; line: number };
}

/** What a job's page shows of a run, as GitHub's Markdown. Pure; whatever an engine wrote is shown as text. */
export function renderStepSummary({ summary, results, ledger, placeOf }: StepSummaryInput): string {
  return [
    ...verdict(summary),
    ...headline(summary),
    ...totals(summary),
    ...failures(results, placeOf),
    ...problems(summary),
    ...platforms(summary),
    ...kinds(ledger, results),
    ...coverage(summary),
  ].join('\n');
}

function verdict(summary: Summary): string[] {
  const { engine, clients, scope, sensitivity, durationMs } = summary;
  const { passed, failed } = passedAndFailed(summary);
  const { compared, equal, known } = oursTogether(summary.totals);
  const ours =
    compared === 0
      ? 'no cell of ours was compared'
      : `${compared} cells of ours compared, ${equal} equal, ${known} known differences`;
  const said =
    failed > 0 ? `❌ Parity: ${failed} failed; ${ours}` : `${summary.scope.whole ? '✅' : '🟡'} Parity: ${ours}`;
  const proven = passed > 0 || failed > 0 ? said : '⚪ Parity: nothing was judged';
  const versions = clients.map(({ id, version }) => markdownText(`${id} ${version}`)).join(', ');
  const caught = sensitivityWords(sensitivity) ?? 'not measured';
  return [
    `## ${scope.whole ? proven : proven.replace('Parity', 'Parity of a part')}`,
    '',
    ...(scope.part === undefined ? [] : [`A part only: ${markdownText(scope.part)}.`, '']),
    `Engine ${markdownText(engine.version)}; ${versions}.`,
    `${summary.scenarios} scenarios, ${summary.cells} cells in ${Math.round(durationMs / 1000)} s;`,
    `sensitivity: ${caught}.`,
    '',
  ];
}

/** Ours against its reference first: what a run is about. */
function headline(summary: Summary): string[] {
  const { ours, shares, references, baselines } = headlineOf(summary);
  return [
    ...ours.map(({ client, text }) => `- **${markdownText(client)} against its reference**: ${text}`),
    ...(references === undefined ? [] : [`- official clients against their recordings: ${references}`]),
    ...(baselines === undefined ? [] : [`- baselines: ${baselines}`]),
    '',
    ...(shares === undefined ? [] : [`${shares}.`, '']),
  ];
}

function totals({ totals: all }: Summary): string[] {
  const head = ['family', 'client', 'engine', 'match', 'known', 'baseline', 'not applicable', 'failed'];
  const rows = all.map(({ family, client, engine, verdicts }): TableCell[] => {
    const { match, knownDifference, baseline, notApplicable } = verdicts;
    const { failed } = passedCells(verdicts);
    return [family, client, engine, match, knownDifference, baseline, notApplicable, failed];
  });
  return [...markdownTable(head, rows), ''];
}

function failures(results: readonly CellResult[], placeOf: StepSummaryInput['placeOf']): string[] {
  const failing = results.filter(({ verdict: one }) => failingVerdicts.has(one));
  if (failing.length === 0) return [];
  const more = failing.length - mostShown;
  return [
    '### What differs',
    '',
    ...failing.slice(0, mostShown).flatMap((cell) => failure(cell, results, placeOf(cell))),
    ...(more > 0 ? [`- and ${more} more cells, all in report.html`] : []),
    '',
  ];
}

function failure(
  cell: CellResult,
  all: readonly CellResult[],
  { file, line }: { file: string; line: number },
): string[] {
  const [first] = cell.unexplained;
  const [label] = labelDifferences(cell, all);
  const more = cell.unexplained.length - 1;
  return [
    `- **${cell.verdict}** ${markdownCode(cell.scenario)}, ${cellPlace(cell)}, ${markdownCode(`${file}:${line}`)}`,
    ...(cell.reason === undefined ? [] : [`  - because ${markdownCode(cell.reason.slice(0, 600))}`]),
    ...(first === undefined
      ? []
      : [
          `  - ${first.kind} ${markdownCode(first.path)}, lane ${markdownCode(first.lane)}${label === undefined ? '' : `, ${label}`}${more > 0 ? `, and ${more} more` : ''}`,
          `  - golden ${markdownCode(shortValue(first.expected))}`,
          `  - client ${markdownCode(shortValue(first.actual))}`,
        ]),
    `  - again ${markdownCode(rerunCommand(cell))}`,
  ];
}

function problems({ ledger, problems: others }: Summary): string[] {
  return [
    ...listed('### Problems of the ledger', 'ledger', ledger.problems),
    ...listed('### Problems of the whole', 'whole', others),
  ];
}

const listed = (title: string, what: string, texts: readonly string[]): string[] =>
  texts.length === 0 ? [] : [title, '', ...texts.map((one) => `- ${what} ${markdownCode(one)}`), ''];

function platforms(summary: Summary): string[] {
  const rows = summary.platforms.map((one): TableCell[] =>
    one.status === 'not run' ? [one.platform, 'not run', '', ''] : [one.platform, one.status, one.passed, one.failed],
  );
  return ['### Platforms', '', ...markdownTable(['platform', 'state', 'passed', 'failed'], rows), ''];
}

function kinds(ledger: readonly LedgerEntry[], results: readonly CellResult[]): string[] {
  const rows = kindFigures(ledger, results).map(({ kind, entries, cells }): TableCell[] => [kind, entries, cells]);
  return ['### Known differences', '', ...markdownTable(['kind', 'entries', 'cells'], rows), ''];
}

function coverage(summary: Summary): string[] {
  const rows = Object.entries(summary.coverage).map(([kind, { hit, real, total, excluded }]): TableCell[] => [
    kind,
    hit,
    real,
    total,
    excluded,
  ]);
  if (rows.length === 0) return [];
  const head = ['covered by this run', 'seen', 'on the real engine', 'of', 'excluded'];
  return ['### Coverage', '', ...markdownTable(head, rows), ''];
}

export interface KindFigures {
  kind: LedgerKind;
  entries: number;
  /** Cells in which an entry of this kind explained something. */
  cells: number;
}

/** How many entries of each kind the ledger has, and in how many cells of a run they were needed; the most frequent first. */
function kindFigures(ledger: readonly LedgerEntry[], results: readonly CellResult[]): KindFigures[] {
  const kindOf = new Map(ledger.map(({ id, kind }) => [id, kind]));
  const figures = new Map<LedgerKind, KindFigures>();
  for (const { kind } of ledger) {
    const one = figures.get(kind) ?? { kind, entries: 0, cells: 0 };
    one.entries += 1;
    figures.set(kind, one);
  }
  for (const { known } of results) {
    for (const kind of new Set(known.map(({ id }) => kindOf.get(id)))) {
      const one = kind === undefined ? undefined : figures.get(kind);
      if (one !== undefined) one.cells += 1;
    }
  }
  return [...figures.values()].sort((a, b) => b.entries - a.entries || (a.kind < b.kind ? -1 : 1));
}
