import type { Matrix } from './matrix-rows.ts';

/** A place in the matrix: indices of its rows and columns. */
export interface Cursor {
  row: number;
  column: number;
}

/**
 * The place this many rows and columns further, at a cell that ran; the same place if there is none. The first step
 * leads to the first cell.
 */
export function nextSlot(
  { rows, columns }: Matrix,
  from: Cursor | undefined,
  down: number,
  right: number,
): Cursor | undefined {
  const ran = ({ row, column }: Cursor) => {
    const there = rows[row];
    return there?.kind === 'scenario' && (there.slots[column]?.rounds.length ?? 0) > 0;
  };
  const within = ({ row, column }: Cursor) => row >= 0 && row < rows.length && column >= 0 && column < columns.length;
  const start = from ?? { row: -1, column: 0 };
  const step = from === undefined ? { down: 1, right: 0 } : { down, right };
  let at = { row: start.row + step.down, column: start.column + step.right };
  while (within(at)) {
    if (ran(at)) return at;
    // A row without a cell here has one in another column.
    const other = step.down === 0 ? -1 : columns.findIndex((_, column) => ran({ row: at.row, column }));
    if (other >= 0) return { row: at.row, column: other };
    at = { row: at.row + step.down, column: at.column + step.right };
  }
  return from;
}
