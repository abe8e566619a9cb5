import { cellPlace } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import { clientFacts } from '../clients/clients.ts';
import { headlineOf } from '../summary/headline.ts';
import type { Summary } from '../summary/summary.ts';
import { describeDifference } from './explain.ts';
import type { Paint } from './paint.ts';
import { rerunCommand } from './rerun-command.ts';
import { xmlText } from './xml-text.ts';

export interface JunitRun {
  /** `durationMs` is the whole run's. Cells run side by side: the sum of theirs says something else. */
  summary: Summary;
  /** Scenario id → its file, relative to the repository. Default: `fixtures/scenarios/ID.yaml`. */
  files?: ReadonlyMap<string, string>;
}

const plain = (text: string) => text;
const unpainted: Paint = { green: plain, yellow: plain, red: plain, dim: plain, bold: plain };
const shownDifferences = 3;

/** `junit.xml`: a suite for each client and engine, a case for each scenario. Pure. */
export function renderJunit(results: readonly CellResult[], run: JunitRun): string {
  const places = new Map<string, CellResult[]>();
  for (const result of results) {
    const name = cellPlace(result);
    const place = places.get(name) ?? [];
    place.push(result);
    places.set(name, place);
  }
  // Ours first, as everywhere.
  const suites = [...places]
    .sort(([, [a]], [, [b]]) => rank(a) - rank(b))
    .map(([name, cells]) => suite(name, cells, run));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlText(nameOf(run))}" ${counts(results)} time="${seconds(run.summary.durationMs)}">`,
    ...suites,
    '</testsuites>\n',
  ].join('\n');
}

const rank = (cell: CellResult | undefined): number =>
  cell === undefined ? 0 : ['ours', 'guest', 'official', 'none'].indexOf(clientFacts(cell.client).maker);

/** What viewers show of a run as a whole. */
function nameOf({ summary }: JunitRun): string {
  const { ours } = headlineOf(summary);
  return ['parity', ...ours.map(({ client, text }) => `${client} against its reference: ${text}`)].join('; ');
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);
const total = (results: readonly CellResult[]) => results.reduce((sum, { durationMs }) => sum + durationMs, 0);

function counts(results: readonly CellResult[]): string {
  const of = (kind: Outcome) => results.filter((result) => outcome(result) === kind).length;
  return `tests="${results.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

function outcome({ verdict }: CellResult): Outcome {
  switch (verdict) {
    case 'match':
    case 'known-difference':
    case 'baseline':
      return 'passed';
    case 'not-applicable':
      return 'skipped';
    case 'could-not-run':
      return 'error';
    case 'mismatch':
    case 'stale-known-difference':
      return 'failure';
  }
}

function suite(name: string, results: readonly CellResult[], run: JunitRun): string {
  const cases = results.map((result) => testCase(result, run));
  const head = `  <testsuite name="${xmlText(name)}" ${counts(results)} time="${seconds(total(results))}">`;
  return [head, ...cases, '  </testsuite>'].join('\n');
}

function testCase(result: CellResult, { files }: JunitRun): string {
  const file = files?.get(result.scenario) ?? `fixtures/scenarios/${result.scenario}.yaml`;
  const name = result.round === 1 ? result.scenario : `${result.scenario} (round ${result.round})`;
  const attributes = `name="${xmlText(name)}" classname="${xmlText(cellPlace(result))}" file="${xmlText(file)}" time="${seconds(result.durationMs)}"`;
  const inner = innerElement(result);
  return inner === undefined
    ? `    <testcase ${attributes}/>`
    : `    <testcase ${attributes}>\n      ${inner}\n    </testcase>`;
}

function innerElement(result: CellResult): string | undefined {
  const kind = outcome(result);
  if (kind === 'passed') return undefined;
  if (kind === 'skipped') return `<skipped message="${xmlText(result.reason ?? 'not applicable')}"/>`;
  const first = result.unexplained[0];
  const message = first === undefined ? (result.reason ?? result.verdict) : `${first.kind}: ${first.path}`;
  return `<${kind} type="${result.verdict}" message="${xmlText(message)}">${xmlText(details(result))}</${kind}>`;
}

function details(result: CellResult): string {
  const shown = result.unexplained
    .slice(0, shownDifferences)
    .flatMap((difference) => describeDifference(difference, unpainted));
  const more = result.unexplained.length - shown.length;
  return [
    ...(result.reason === undefined ? [] : [result.reason]),
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  again: ${rerunCommand(result)}`,
  ].join('\n');
}
