import { percent } from '../../../testing/text.ts';
import type { CoverageReport } from './coverage-report.ts';
import { type CoverageKind, coverageKinds } from './kinds.ts';

/** A row of figures; `behaviours` is shown next to the contract's kinds. */
export interface Figures {
  hit: number;
  total: number;
  excluded: number;
}

/** A table with a row for each kind and a column for each client on an engine. Plain text, one line each; pure. */
export function renderCoverage({ kinds }: CoverageReport, behaviours: Figures | undefined): string[] {
  const columns = [...new Set(Object.values(kinds).flatMap(({ by }) => Object.keys(by)))].sort(byEngine);
  const rows: string[][] = [['', 'direction', 'total', 'excluded', 'covered', 'real', ...columns]];
  for (const [kind, { title, direction }] of Object.entries(coverageKinds)) {
    const { hit, real, total, excluded, by } = kinds[kind as CoverageKind];
    const own = columns.map((column) => String(by[column] ?? 0));
    rows.push([title, direction, String(total), String(excluded), share(hit, total - excluded), String(real), ...own]);
  }
  if (behaviours !== undefined) {
    const { hit, total, excluded } = behaviours;
    rows.push([
      'behaviours',
      '',
      String(total),
      String(excluded),
      share(hit, total - excluded),
      '',
      ...columns.map(() => ''),
    ]);
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The real engine first, the reference before the other clients. */
function byEngine(a: string, b: string): number {
  const rank = (column: string) => `${column.endsWith(' real') ? 0 : 1}${column.startsWith('python') ? 0 : 1}${column}`;
  return rank(a) < rank(b) ? -1 : 1;
}

const share = (hit: number, total: number): string => `${hit} (${percent(total === 0 ? 1 : hit / total, 0)})`;
