import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { cellPath, cellPlace } from '../../../../cell/cell-path.ts';
import type { Verdict } from '../../../../cell/types.ts';
import type { CellFilter } from '../shared/cell-filter.ts';
import { count } from '../shared/count.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { cellHash } from '../shared/route.ts';
import { Section } from '../shared/section.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { Badge, verdicts, worstOf } from '../shared/verdicts.tsx';
import { VirtualList } from '../shared/virtual-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Cursor, nextSlot } from './matrix-cursor.ts';
import { type Folds, foldName, isOurs, type Matrix, type MatrixRow, type MatrixSlot, matrices } from './matrix-rows.ts';

const rowHeight = 32;
const headCount = 2;
/** Both kept while a cell is open, so that the reader can continue from there. */
let kept: Cursor | undefined;
let keptFolds: Folds = new Map();

const titles = { 'app-server': 'App-server', exec: 'codex exec' } as const;

/** Scenario × client × engine, a table for each family: every cell's verdict, and the way to it. */
export function MatrixSection({ report, filter }: { report: ReportIndex; filter: CellFilter }) {
  const [folds, setFolds] = useState(keptFolds);
  const { tables, fitting } = useMemo(() => matrices(report, filter, folds), [report, filter, folds]);
  const [cursor, setCursor] = useState(kept);
  const move = (rows: number, columns: number) => {
    kept = nextSlot(tables, cursor, rows, columns);
    setCursor(kept && { ...kept });
  };
  useKeys({
    j: () => move(1, 0),
    k: () => move(-1, 0),
    l: () => move(0, 1),
    h: () => move(0, -1),
    '/': () => document.getElementById('search')?.focus(),
  });
  useLayoutEffect(() => {
    if (cursor !== undefined) document.getElementById(slotId(cursor))?.querySelector<HTMLElement>('a, button')?.focus();
  }, [cursor]);
  const fold = (names: readonly string[], open: boolean) => {
    keptFolds = new Map([...folds, ...names.map((name) => [name, open] as const)]);
    setFolds(keptFolds);
  };
  return (
    <Section id="matrix" title="Matrix" says="scenario × client × engine">
      <FilterBar report={report} filter={filter} fitting={fitting} />
      {fitting === 0 && <p>No cell fits the filter.</p>}
      {tables.map((matrix, table) => (
        <Table key={matrix.family} matrix={matrix} table={table} report={report} cursor={cursor} onFold={fold} />
      ))}
    </Section>
  );
}

interface TableProps {
  matrix: Matrix;
  /** Its place among the tables. */
  table: number;
  report: ReportIndex;
  cursor: Cursor | undefined;
  onFold(names: readonly string[], open: boolean): void;
}

function Table({ matrix, table, report, cursor, onFold }: TableProps) {
  const { family, columns, rows, scenarios } = matrix;
  const folders = rows.filter((row) => row.kind === 'folder');
  const allOpen = folders.every(({ open }) => open);
  const names = folders.map(({ folder }) => foldName(family, folder));
  const title = titles[family];
  return (
    <div class="family">
      <div class="family-head">
        <h3>{title}</h3>
        <span class="note">{scenarios === 1 ? '1 scenario' : `${count(scenarios)} scenarios`}</span>
        <button type="button" onClick={() => onFold(names, !allOpen)}>
          {allOpen ? 'Fold all' : 'Unfold all'}
        </button>
      </div>
      <VirtualList
        label={`Verdicts, ${title}`}
        look="matrix"
        count={rows.length}
        rowHeight={rowHeight}
        head={<Head matrix={matrix} report={report} />}
        headCount={headCount}
        columns={`minmax(var(--first), 2fr) repeat(${columns.length}, minmax(${slotWidth(matrix)}, 1fr))`}
        reveal={cursor?.table === table ? cursor.row : undefined}
        remember={`matrix ${family}`}
        row={(index) => (
          <Row
            key={index}
            row={rows[index]}
            at={{ table, row: index }}
            matrix={matrix}
            onFold={(folder, open) => onFold([foldName(family, folder)], open)}
          />
        )}
      />
    </div>
  );
}

/** `real-0.169.0` is wider than a verdict, and so is what a folder of three verdicts tells. */
function slotWidth({ columns, rows }: Matrix): string {
  const heads = columns.map(({ engine }) => engine.length * 0.55);
  const tallies = rows.flatMap((row) => (row.kind === 'folder' ? row.slots.map(tallyWidth) : []));
  return `max(var(--slot), ${Math.max(...heads, ...tallies) + 1.3}rem)`;
}

const tallyWidth = (counts: ReadonlyMap<Verdict, number>) =>
  told(counts).reduce((sum, { verdict }) => sum + 1.4 + count(counts.get(verdict) ?? 0).length * 0.5, 0);

const slotId = ({ table, row, column }: Cursor) => `slot-${table}-${row}-${column}`;

function Head({ matrix: { columns }, report }: { matrix: Matrix; report: ReportIndex }) {
  const clients = [...groupBy(columns, ({ client }) => client)];
  const versions = new Map(report.model.summary.clients.map(({ id, version }) => [id, version]));
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
            class={isOurs(client) ? 'own' : ''}
            data-tip={[isOurs(client) ? 'Our SDK' : '', versions.get(client) ?? ''].filter(Boolean).join(', ')}
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
          <span key={`${client} ${engine}`} role="columnheader" data-word="engine">
            {engine}
          </span>
        ))}
      </div>
    </>
  );
}

interface RowProps {
  row: MatrixRow | undefined;
  at: Omit<Cursor, 'column'>;
  matrix: Matrix;
  onFold(folder: string, open: boolean): void;
}

function Row({ row, at, matrix, onFold }: RowProps) {
  const place = at.row + 1 + headCount;
  if (row === undefined) return null;
  if (row.kind === 'folder') {
    const { folder, scenarios, open, slots } = row;
    return (
      <div role="row" aria-rowindex={place} class="folder" id={slotId({ ...at, column: 0 })}>
        <span role="rowheader">
          <button type="button" aria-expanded={open} onClick={() => onFold(folder, !open)}>
            <span aria-hidden="true">{open ? '▾' : '▸'}</span> {folder}
          </button>{' '}
          <span class="note">{String(scenarios)}</span>
        </span>
        {slots.map((counts, column) => (
          <span key={column} role="cell" class={isOurs(matrix.columns[column]?.client) ? 'own' : ''}>
            <Counts counts={counts} />
          </span>
        ))}
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
        <Slot key={column} slot={slot} id={slotId({ ...at, column })} own={isOurs(matrix.columns[column]?.client)} />
      ))}
    </div>
  );
}

const well: readonly Verdict[] = ['match', 'known-difference', 'baseline', 'not-applicable'];

/** What fails, then what is well, the best first. */
const inTally = verdicts.toSorted((a, b) => well.indexOf(a.verdict) - well.indexOf(b.verdict));

/** The verdicts that a folder's count tells: what does not apply only where nothing else is there. */
function told(counts: ReadonlyMap<Verdict, number>) {
  const there = inTally.filter(({ verdict }) => counts.has(verdict));
  return there.length > 1 ? there.filter(({ verdict }) => verdict !== 'not-applicable') : there;
}

/** How many cells of a folder have each verdict. */
function Counts({ counts }: { counts: ReadonlyMap<Verdict, number> }) {
  return (
    <>
      {told(counts).map(({ verdict, label, sign, tone }) => (
        <span key={verdict} class={`tally ${tone}`} data-word={verdict}>
          <span aria-hidden="true">{sign}</span>
          <span class="unseen">{label} </span>
          {verdict === 'not-applicable' ? '' : count(counts.get(verdict) ?? 0)}
        </span>
      ))}
    </>
  );
}

function Slot({ slot: { rounds, fits }, id, own }: { slot: MatrixSlot; id: string; own: boolean }) {
  const worst = worstOf(rounds);
  return (
    <span role="cell" id={id} class={`${fits ? '' : 'faded'} ${own ? 'own' : ''}`}>
      {worst === undefined ? (
        <span class="unseen">not run</span>
      ) : (
        <a href={cellHash(cellPath(worst))}>
          <Badge verdict={worst.verdict} words="short" tip={worst.reason} />
          {rounds.length > 1 && ` ×${rounds.length}`}
          <span class="unseen">{` ${cellPlace(worst)}`}</span>
        </a>
      )}
    </span>
  );
}
