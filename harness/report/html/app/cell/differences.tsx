import type { ReportCell, ReportDifference } from '../../../model.ts';
import { ColumnHeads } from '../shared/column-heads.tsx';
import { DifferenceSides, placeOfDifference } from '../shared/difference-sides.tsx';
import { groupBy } from '../shared/group-by.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { type CellRoute, hashOf } from '../shared/route.ts';

export interface DifferencesProps {
  report: ReportIndex;
  cell: ReportCell;
  route: CellRoute;
}

const most = 50;

/** What no ledger entry explains, then what one does, with its reason. */
export function DifferencesSection({ report, cell, route }: DifferencesProps) {
  const at = (index: number) => differenceAt(report.model, index);
  const known = groupBy(cell.known, ([id]) => id);
  const drift = cell.drift ?? [];
  const isNone = cell.unexplained.length + cell.known.length + drift.length === 0;
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Differences</h2>
      {isNone && <p>{cell.lanes === undefined ? 'Nothing was compared.' : 'None.'}</p>}
      {cell.unexplained.length > 0 && (
        <>
          <h3>Not explained</h3>
          <DifferencesTable differences={cell.unexplained.map(at)} labels={cell.labels} route={route} />
        </>
      )}
      {drift.length > 0 && (
        <>
          <h3>Engine drift</h3>
          <DifferencesTable differences={drift.map(at)} route={route} />
        </>
      )}
      {[...known].map(([id, uses]) => (
        <KnownDifference key={id} report={report} id={id}>
          <DifferencesTable differences={uses.map(([, index]) => at(index))} route={route} />
        </KnownDifference>
      ))}
    </section>
  );
}

function KnownDifference(props: { report: ReportIndex; id: string; children: preact.ComponentChildren }) {
  const entry = props.report.model.ledger.find(({ id }) => id === props.id);
  return (
    <div class="known">
      <h3>{`Known: ${props.id}${entry === undefined ? '' : ` (${entry.kind})`}`}</h3>
      {entry !== undefined && (
        <p>
          {entry.reason} <span class="note">{entry.evidence}</span>
        </p>
      )}
      {props.children}
    </div>
  );
}

interface TableProps {
  differences: ReportDifference[];
  /** Who is the likely cause of each. */
  labels?: readonly string[] | undefined;
  route: CellRoute;
}

function DifferencesTable({ differences, labels = [], route }: TableProps) {
  return (
    <>
      <table class="differences">
        <ColumnHeads names={['Kind', 'Path', 'Golden', 'Client']} />
        <tbody>
          {differences.slice(0, most).map((difference, index) => (
            <DifferenceRow key={index} difference={difference} label={labels[index]} route={route} />
          ))}
        </tbody>
      </table>
      {differences.length > most && <p class="note">{`and ${differences.length - most} more, marked in the lanes`}</p>}
    </>
  );
}

function DifferenceRow({
  difference,
  label,
  route,
}: {
  difference: ReportDifference;
  label: string | undefined;
  route: CellRoute;
}) {
  const { kind, lane, path } = difference;
  const place = placeOfDifference(difference);
  const name = <code>{path}</code>;
  return (
    <tr>
      <td>
        <span class={`kind ${kind}`}>{kind}</span>
      </td>
      <td>
        {place === undefined ? name : <a href={hashOf({ ...route, level: 'all', at: place })}>{name}</a>}
        <p class="note">{`lane ${lane}${label === undefined ? '' : ` (${label})`}`}</p>
      </td>
      <DifferenceSides difference={difference} />
    </tr>
  );
}
