/** Invisible characters, and characters that change the writing direction; a lone surrogate is not text at all. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Characters that Markdown, HTML in it, or GitHub (mentions, emoji, links) may interpret. */
const active = /[^A-Za-z0-9 .,;()/=+%'\-\u0080-\u{10ffff}]/gu;

/**
 * Text for the inside of a paragraph, a list or a table cell: everything that could be markup becomes a numeric
 * character reference, line ends become spaces, and invisible characters become �.
 */
export function markdownText(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(hidden, '�')
    .replace(active, (character) => `&#${character.codePointAt(0)};`);
}

/** The same as code. A fence of backticks could be closed from within. */
export const markdownCode = (text: string): string => `<code>${markdownText(text)}</code>`;

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
