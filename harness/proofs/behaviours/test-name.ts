import { escapeRegExp } from '../../../testing/text.ts';

/** `%s` and `$name` in the names of tables of tests. */
const placeholder = /%[sdifjoOc#]|\$[\w.]+/;

/** For `vitest -t`: the test of this name, or all rows of a table of tests. Vitest puts the names of the groups around a test before it. */
export function namePattern(test: string): string {
  return `(^| )${test.split(placeholder).map(escapeRegExp).join('.*')}$`;
}

/** Whether a test of this name stands in the text of a file, as a quoted first argument. */
export function hasTest(text: string, test: string): boolean {
  const quoted = ["'", '"', '`'].map((quote) => {
    const inner = test.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return `${quote}${escapeRegExp(inner)}${quote}`;
  });
  return new RegExp(`\\(\\s*(?:${quoted.join('|')})\\s*,`).test(text);
}
