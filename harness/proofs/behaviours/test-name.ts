import { escapeRegExp } from '../../../testing/text.ts';

/** `%s` and `$name` in the names of test tables. */
const placeholder = /%[sdifjoOc#]|\$[\w.]+/;

/**
 * For `vitest -t`: the test with this name, or all rows of a test table. Vitest puts the names of the enclosing groups
 * before a test's name.
 */
export function namePattern(test: string): string {
  return `(^| )${test.split(placeholder).map(escapeRegExp).join('.*')}$`;
}

/** Whether a file's text contains a test with this name, as a quoted first argument. */
export function hasTest(text: string, test: string): boolean {
  const quoted = ["'", '"', '`'].map((quote) => {
    const inner = test.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return `${quote}${escapeRegExp(inner)}${quote}`;
  });
  return new RegExp(`\\(\\s*(?:${quoted.join('|')})\\s*,`).test(text);
}
