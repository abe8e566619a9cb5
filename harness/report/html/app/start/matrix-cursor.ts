import type { Matrix } from './matrix-rows.ts';

/** A place in the matrix: indices of a table, and of its rows and columns. */
export interface Cursor {
  table: number;
  row: number;
  column: number;
}

/**
 * The place this many rows and columns further, at a cell that ran or at a folded folder; the same place if there is none. Behind the last row of a table
 * stands the first of the next. The first step leads to the first place.
 */
export function nextSlot(
  tables: readonly Matrix[],
  from: Cursor | undefined,
  down: number,
  right: number,
): Cursor | undefined {
  if (from === undefined) return enter(tables, 0, 1, 0);
  const { table, column } = from;
  const there = step(tables[table], from, down, right);
  if (there !== undefined) return { table, ...there };
  return (down === 0 ? undefined : enter(tables, table + down, down, column)) ?? from;
}

/** The first place of a table in this direction, or of the tables behind it. */
function enter(tables: readonly Matrix[], table: number, down: number, column: number): Cursor | undefined {
  const matrix = tables[table];
  if (matrix === undefined) return undefined;
  const edge = { row: down > 0 ? -1 : matrix.rows.length, column: Math.min(column, matrix.columns.length - 1) };
  const found = step(matrix, edge, down, 0);
  return found === undefined ? enter(tables, table + down, down, column) : { table, ...found };
}

type Place = Omit<Cursor, 'table'>;

function step(matrix: Matrix | undefined, { row, column }: Place, down: number, right: number): Place | undefined {
  if (matrix === undefined) return undefined;
  const { rows, columns } = matrix;
  const stops = (at: Place) => {
    const there = rows[at.row];
    if (there?.kind === 'folder') return !there.open && right === 0;
    return (there?.slots[at.column]?.rounds.length ?? 0) > 0;
  };
  let at = { row: row + down, column: column + right };
  while (at.row >= 0 && at.row < rows.length && at.column >= 0 && at.column < columns.length) {
    if (stops(at)) return at;
    // A row without a cell here has one in another column.
    const other = right === 0 ? columns.findIndex((_, index) => stops({ row: at.row, column: index })) : -1;
    if (other >= 0) return { row: at.row, column: other };
    at = { row: at.row + down, column: at.column + right };
  }
  return undefined;
}
