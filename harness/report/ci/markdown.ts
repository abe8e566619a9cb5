/** Invisible characters, and characters that change the writing direction; a lone surrogate is not text at all. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What may open, close or separate something wherever it stands; a backslash before it makes it text. */
const active = /[\\`*[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/**
 * What a backslash does not stop, as a numeric character reference: HTML and references in it; what GitHub makes of names, numbers, emoji, links and formulas. A
 * colon before a space, and an ampersand before one, are what they are.
 */
const reference = /[<>@$#]|&(?=[#\w])|:(?=[^\s])/g;

/** Of the beginning of a text, which may be that of a line: a heading, a list, a quotation, a rule. */
const opening = /^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))/;

const onOneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').replace(hidden, '�');

/**
 * Text for the inside of a paragraph, a list or a table cell: what could be markup is escaped, and nothing else, so that the raw text can be read too. Line ends
 * become spaces, and invisible characters become �.
 */
export function markdownText(text: string): string {
  return onOneLine(text)
    .replace(active, '\\$&')
    .replace(reference, (character) => `&#${character.codePointAt(0)};`)
    .replace(opening, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}&#${mark.codePointAt(0)};${mark.slice(1)}` : `${space}\\${mark}`,
    );
}

/** The same as code, between more backticks than stand together in it: nothing in it is markup. Not for the cell of a table, which a bar would end. */
export function markdownCode(text: string): string {
  const line = onOneLine(text);
  if (line.trim() === '') return line === '' ? '' : '`�`';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A space on both sides is taken off again.
  const space = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

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
