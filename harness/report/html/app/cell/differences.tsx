import type { ReportCell, ReportDifference } from '../../../model.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import { hashOf, type LinePlace } from '../shared/route.ts';
import { ValuePair } from '../shared/value.tsx';
import type { CellRoute } from './cell-page.tsx';

export interface DifferencesProps {
  report: ReportIndex;
  cell: ReportCell;
  route: CellRoute;
}

const most = 50;

/** What no ledger entry explains, then what one does, with its reason. */
export function DifferencesSection({ report, cell, route }: DifferencesProps) {
  const at = (index: number) => differenceAt(report.model, index);
  const known = Map.groupBy(cell.known, ([id]) => id);
  const isNone = cell.unexplained.length + cell.known.length === 0;
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Differences</h2>
      {isNone && <p>{cell.lanes === undefined ? 'Nothing was compared.' : 'None.'}</p>}
      {cell.unexplained.length > 0 && (
        <>
          <h3>Not explained</h3>
          <DifferencesTable differences={cell.unexplained.map(at)} route={route} />
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

function DifferencesTable({ differences, route }: { differences: ReportDifference[]; route: CellRoute }) {
  return (
    <>
      <table class="differences">
        <thead>
          <tr>
            {['Kind', 'Path', 'Golden', 'Client'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, most).map((difference, index) => (
            <DifferenceRow key={index} difference={difference} route={route} />
          ))}
        </tbody>
      </table>
      {differences.length > most && <p class="note">{`and ${differences.length - most} more, marked in the lanes`}</p>}
    </>
  );
}

/** Where the lanes show a difference; one of the cell itself stands in no lane. */
function placeOf({ lane, expectedAt, actualAt }: ReportDifference): LinePlace | undefined {
  if (actualAt !== undefined) return { lane, side: 'client', line: actualAt + 1 };
  return expectedAt === undefined ? undefined : { lane, side: 'golden', line: expectedAt + 1 };
}

function DifferenceRow({ difference, route }: { difference: ReportDifference; route: CellRoute }) {
  const { kind, lane, path, expected, actual, expectedAt, actualAt } = difference;
  const place = placeOf(difference);
  const name = <code>{path}</code>;
  const isRow = kind !== 'changed' && place !== undefined;
  return (
    <tr>
      <td>
        <span class={`kind ${kind}`}>{kind}</span>
      </td>
      <td>
        {place === undefined ? name : <a href={hashOf({ ...route, level: 'all', at: place })}>{name}</a>}
        <p class="note">{`lane ${lane}`}</p>
      </td>
      {isRow ? (
        [expectedAt, actualAt].map((at, side) => (
          <td key={side} class="note">
            {at === undefined ? 'no such line' : `line ${at + 1} of the lane`}
          </td>
        ))
      ) : (
        <ValuePair expected={expected} actual={actual} as="td" />
      )}
    </tr>
  );
}
