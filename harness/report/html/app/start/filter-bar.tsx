import type { CellFilter, FilterField } from '../shared/cell-filter.ts';
import { everything, fieldOf, filterFields } from '../shared/cell-filter.ts';
import { count } from '../shared/count.ts';
import type { ReportIndex } from '../shared/report-index.ts';
import { hashOf } from '../shared/route.ts';
import { Badge, verdicts } from '../shared/verdicts.tsx';

export interface FilterBarProps {
  report: ReportIndex;
  filter: CellFilter;
  /** How many cells match. */
  fitting: number;
}

const names: Readonly<Record<FilterField, string>> = {
  family: 'Family',
  folder: 'Folder',
  client: 'Client',
  engine: 'Engine',
  verdict: 'Verdict',
};

/** Replaces the URL, so that every choice is a link and the back button leads to where the reader came from. */
const choose = (filter: CellFilter) => location.replace(hashOf({ page: 'start', filter }));

/** A search box and a choice for each field of a cell. */
export function FilterBar({ report, filter, fitting }: FilterBarProps) {
  const { shown } = report;
  const isNarrow = filter.words !== '' || Object.keys(filter.chosen).length > 0;
  return (
    <>
      <Verdicts report={report} filter={filter} />
      <div class="filter" role="search" aria-label="Cells">
        <label>
          Search{' '}
          <input
            type="search"
            id="search"
            placeholder="scenario, title, client…"
            value={filter.words}
            onInput={({ currentTarget }) => choose({ ...filter, words: currentTarget.value })}
          />
        </label>
        {filterFields.map((field) => (
          <Choice key={field} field={field} values={valuesOf(report, field)} filter={filter} />
        ))}
        {isNarrow && (
          <button type="button" onClick={() => choose(everything)}>
            Clear
          </button>
        )}
        <p role="status" class="status">
          {`${count(fitting)} of ${count(shown.length)} cells`}
        </p>
      </div>
    </>
  );
}

/** How many cells have each verdict; each count leads to its cells. */
function Verdicts({ report, filter }: Pick<FilterBarProps, 'report' | 'filter'>) {
  const counts = verdicts
    .map(({ verdict }) => ({ verdict, cells: report.shown.filter((cell) => cell.verdict === verdict).length }))
    .filter(({ cells }) => cells > 0);
  return (
    <ul class="counts" aria-label="Cells by verdict">
      {counts.map(({ verdict, cells }) => (
        <li key={verdict}>
          <a
            href={hashOf({ page: 'start', filter: { ...everything, chosen: { verdict: [verdict] } } })}
            {...(filter.chosen.verdict?.includes(verdict) && { 'aria-current': 'true' })}
          >
            <Badge verdict={verdict} /> {count(cells)}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Choice({ field, values, filter }: { field: FilterField; values: string[]; filter: CellFilter }) {
  const chosen = filter.chosen[field] ?? [];
  const pick = (value: string) => {
    const { [field]: _before, ...others } = filter.chosen;
    choose({ ...filter, chosen: value === '' ? others : { ...others, [field]: value.split('\n') } });
  };
  // A link may choose several values, which this box cannot; they are shown as one.
  const current = chosen.join('\n');
  return (
    <label>
      {names[field]}{' '}
      <select value={current} onChange={({ currentTarget }) => pick(currentTarget.value)}>
        <option value="">all</option>
        {chosen.length > 1 && <option value={current}>{chosen.join(' or ')}</option>}
        {values.map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  );
}

function valuesOf({ shown, scenarios }: ReportIndex, field: FilterField): string[] {
  const there = new Set(shown.map((cell) => fieldOf(cell, field, scenarios.get(cell.scenario))));
  const inOrder = field === 'verdict' ? verdicts.map(({ verdict }): string => verdict) : [...there].sort();
  return inOrder.filter((value) => value !== '' && there.has(value));
}
