import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { cellPath, cellPlace } from '../../../../cell/cell-path.ts';
import type { CellFilter } from '../shared/cell-filter.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash } from '../shared/route.ts';
import { useKeys } from '../shared/use-keys.ts';
import { Badge, worstOf } from '../shared/verdicts.tsx';
import { VirtualList } from '../shared/virtual-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Cursor, nextSlot } from './matrix-cursor.ts';
import { type Matrix, type MatrixRow, type MatrixSlot, matrixRows } from './matrix-rows.ts';

const rowHeight = 32;
const headCount = 2;
/** Kept while a cell is open, so that the reader can continue from there. */
let kept: Cursor | undefined;

/** Scenario × client × engine: every cell's verdict, and the way to it. */
export function MatrixSection({ report, filter }: { report: ReportIndex; filter: CellFilter }) {
  const matrix = useMemo(() => matrixRows(report, filter), [report, filter]);
  const [cursor, setCursor] = useState(kept);
  const move = (rows: number, columns: number) => {
    kept = nextSlot(matrix, cursor, rows, columns);
    setCursor(kept);
  };
  useKeys({
    j: () => move(1, 0),
    k: () => move(-1, 0),
    l: () => move(0, 1),
    h: () => move(0, -1),
    '/': () => document.getElementById('search')?.focus(),
  });
  useLayoutEffect(() => {
    if (cursor !== undefined) document.getElementById(slotId(cursor))?.querySelector('a')?.focus();
  }, [cursor]);
  const columns = `minmax(16rem, 1fr) repeat(${matrix.columns.length}, 8rem)`;
  return (
    <section aria-labelledby="matrix">
      <h2 id="matrix">Matrix</h2>
      <FilterBar report={report} filter={filter} fitting={matrix.fitting} />
      {matrix.fitting === 0 ? (
        <p>No cell fits the filter.</p>
      ) : (
        <VirtualList
          label="Verdict of each scenario"
          look="matrix"
          count={matrix.rows.length}
          rowHeight={rowHeight}
          head={<Head matrix={matrix} />}
          headCount={headCount}
          columns={columns}
          reveal={cursor?.row}
          remember="matrix"
          row={(index) => <Row key={index} row={matrix.rows[index]} index={index} width={matrix.columns.length + 1} />}
        />
      )}
    </section>
  );
}

const slotId = ({ row, column }: Cursor) => `slot-${row}-${column}`;

function Head({ matrix: { columns } }: { matrix: Matrix }) {
  const clients = [...groupBy(columns, ({ client }) => client)];
  return (
    <>
      <div role="row" aria-rowindex={1}>
        <span role="columnheader">Scenario</span>
        {clients.map(([client, engines]) => (
          <span
            key={client}
            role="columnheader"
            aria-colspan={engines.length}
            style={{ gridColumn: `span ${engines.length}` }}
          >
            {client}
          </span>
        ))}
      </div>
      <div role="row" aria-rowindex={2}>
        <span role="columnheader">
          <span class="unseen">Engine</span>
        </span>
        {columns.map(({ client, engine }) => (
          <span key={`${client} ${engine}`} role="columnheader">
            {engine}
          </span>
        ))}
      </div>
    </>
  );
}

function Row({ row, index, width }: { row: MatrixRow | undefined; index: number; width: number }) {
  const place = index + 1 + headCount;
  if (row === undefined) return null;
  if (row.kind === 'folder') {
    return (
      <div role="row" aria-rowindex={place} class="folder">
        <span role="rowheader" aria-colspan={width} style={{ gridColumn: '1 / -1' }}>
          {`${row.folder} (${row.scenarios})`}
        </span>
      </div>
    );
  }
  const short = row.scenario.slice(row.scenario.indexOf('/') + 1);
  return (
    <div role="row" aria-rowindex={place}>
      <span role="rowheader" title={row.scenario}>
        {short}
      </span>
      {row.slots.map((slot, column) => (
        <Slot key={column} slot={slot} id={slotId({ row: index, column })} />
      ))}
    </div>
  );
}

function Slot({ slot: { rounds, fits }, id }: { slot: MatrixSlot; id: string }) {
  const worst = worstOf(rounds);
  return (
    <span role="cell" id={id} class={fits ? '' : 'faded'}>
      {worst === undefined ? (
        <span class="unseen">not run</span>
      ) : (
        <a href={cellHash(cellPath(worst))}>
          <Badge verdict={worst.verdict} words="short" />
          {rounds.length > 1 && ` ×${rounds.length}`}
          <span class="unseen">{` ${cellPlace(worst)}`}</span>
        </a>
      )}
    </span>
  );
}
