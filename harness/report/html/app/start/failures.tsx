import { cellPath, cellPlace } from '../../../../cell/cell-path.ts';
import type { ReportCell } from '../../../model.ts';
import { everything } from '../shared/cell-filter.ts';
import { DifferenceSides } from '../shared/difference-sides.tsx';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { cellHash, hashOf } from '../shared/route.ts';
import { Badge, isFailing, verdicts } from '../shared/verdicts.tsx';

const most = 20;
const failing = verdicts.flatMap(({ verdict }) => (isFailing(verdict) ? [verdict] : []));

/** The cells that fail, each with the first thing that differs in it. */
export function FailuresSection({ report }: { report: ReportIndex }) {
  const cells = report.model.cells.filter(({ verdict }) => isFailing(verdict));
  if (cells.length === 0) return null;
  const rest = cells.length - most;
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">What fails</h2>
      <table class="failures">
        <thead>
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">First difference</th>
            <th scope="col">Golden</th>
            <th scope="col">Client</th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(0, most).map((cell) => (
            <FailureRow key={cellPath(cell)} report={report} cell={cell} />
          ))}
        </tbody>
      </table>
      {rest > 0 && (
        <p>
          <a href={hashOf({ page: 'start', filter: { ...everything, chosen: { verdict: failing } } })}>
            {`and ${rest} more in the matrix`}
          </a>
        </p>
      )}
    </section>
  );
}

function FailureRow({ report, cell }: { report: ReportIndex; cell: ReportCell }) {
  const [first] = cell.unexplained;
  const difference = first === undefined ? undefined : differenceAt(report.model, first);
  return (
    <tr>
      <th scope="row">
        <Badge verdict={cell.verdict} /> <a href={cellHash(cellPath(cell))}>{cell.scenario}</a>
        <p class="note">{`${cellPlace(cell)}${cell.round > 1 ? `, round ${cell.round}` : ''}`}</p>
      </th>
      {difference === undefined ? (
        <td colSpan={3}>{cell.reason ?? 'a known difference that no longer occurs'}</td>
      ) : (
        <>
          <td>
            <code>{difference.path}</code>
            <p class="note">{`${difference.kind}, lane ${difference.lane}${cell.labels?.[0] === undefined ? '' : ` (${cell.labels[0]})`}`}</p>
          </td>
          <DifferenceSides difference={difference} />
        </>
      )}
    </tr>
  );
}
