import { markdownText } from './markdown-text.ts';

export type TableCell = string | number;

/** The lines of a Markdown table, with numbers aligned to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly TableCell[])[]): string[] {
  const line = (cells: readonly TableCell[]) => `| ${cells.map((cell) => markdownText(String(cell))).join(' | ')} |`;
  const isNumber = (column: number) => rows.some((row) => typeof row[column] === 'number');
  return [
    line(head),
    `|${head.map((_, column) => (isNumber(column) ? ' ---: ' : ' --- ')).join('|')}|`,
    ...rows.map(line),
  ];
}
