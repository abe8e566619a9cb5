import { cellName, cellPath, cellPlace } from '../../../../cell/cell-path.ts';
import { differenceWords } from '../../../difference-text.ts';
import type { ReportCell, ReportFailure } from '../../../model.ts';
import { everything } from '../shared/cell-filter.ts';
import { count } from '../shared/count.ts';
import { DifferenceSides } from '../shared/difference-sides.tsx';
import { groupBy } from '../shared/group-by.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { cellHash, hashOf } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { Badge, isFailing, verdicts } from '../shared/verdicts.tsx';

const most = 20;
const mostCells = 100;
const failing = verdicts.flatMap(({ verdict }) => (isFailing(verdict) ? [verdict] : []));

/** The failing cells, those together that fail alike, with the first thing that differs in them. */
export function FailuresSection({ report }: { report: ReportIndex }) {
  const { failures } = report.model;
  if (failures.length === 0) return null;
  const cells = failures.reduce((sum, { cells: own }) => sum + own.length, 0);
  const rest = failures.slice(most);
  return (
    <Section
      id="failures"
      title="What fails"
      says={`${count(cells)} ${cells === 1 ? 'cell' : 'cells'} in ${count(failures.length)} ${failures.length === 1 ? 'way' : 'ways'}, by first difference`}
    >
      <ol class="failures">
        {failures.slice(0, most).map((failure) => (
          <Failure key={failure.cells[0]} report={report} failure={failure} />
        ))}
      </ol>
      {rest.length > 0 && (
        <p>
          <a href={hashOf({ page: 'start', filter: { ...everything, chosen: { verdict: failing } } })}>
            {`and ${rest.length} more ways, in the matrix`}
          </a>
        </p>
      )}
    </Section>
  );
}

function Failure({ report, failure }: { report: ReportIndex; failure: ReportFailure }) {
  const cells = failure.cells.flatMap((index) => report.model.cells[index] ?? []);
  const [example] = cells;
  if (example === undefined) return null;
  const [first] = example.unexplained;
  const difference = first === undefined ? undefined : differenceAt(report.model, first);
  return (
    <li>
      <div class="failure-head">
        <Badge verdict={failure.verdict} />
        <span class="times" data-tip={`${cells.length} cells fail like this`}>
          {`×${count(cells.length)}`}
        </span>
        {difference === undefined ? (
          <span>{example.reason ?? 'a known difference no longer occurs'}</span>
        ) : (
          <span>
            <code class="path">{difference.path}</code> {differenceWords[difference.kind]}
            <span class="note">
              {` lane ${difference.lane}${example.labels?.[0] === undefined ? '' : ` (${example.labels[0]})`}`}
            </span>
          </span>
        )}
      </div>
      {difference !== undefined && <DifferenceSides report={report} cell={example} difference={difference} />}
      <p class="example">
        {cells.length === 1 ? 'In ' : 'Such as in '}
        <a href={cellHash(cellPath(example))}>{example.scenario}</a>
        <span class="note">{` ${cellPlace(example)}${example.round > 1 ? `, round ${example.round}` : ''}`}</span>
      </p>
      {cells.length > 1 && <Others cells={cells} />}
    </li>
  );
}

function Others({ cells }: { cells: readonly ReportCell[] }) {
  const places = [...groupBy(cells, cellPlace)].map(([place, { length }]) => `${place} ×${length}`);
  return (
    <details class="others">
      <summary>{`All ${count(cells.length)} cells: ${places.join(', ')}`}</summary>
      <ul>
        {cells.slice(0, mostCells).map((cell) => (
          <li key={cellPath(cell)}>
            <a href={cellHash(cellPath(cell))}>{cellName(cell)}</a>
          </li>
        ))}
        {cells.length > mostCells && <li>{`and ${cells.length - mostCells} more`}</li>}
      </ul>
    </details>
  );
}
