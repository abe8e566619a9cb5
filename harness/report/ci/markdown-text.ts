/** Invisible characters, and characters that change the writing direction; a lone surrogate is not text at all. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Characters of which Markdown, HTML in it or GitHub (mentions, emoji, addresses) may make something. */
const active = /[^A-Za-z0-9 .,;()/=+%'\-\u0080-\u{10ffff}]/gu;

/**
 * Text as it stands, after something else in a paragraph, a list or a cell of a table: all that could be markup is written as numeric character
 * references, line ends as spaces, what is hidden as �.
 */
export function markdownText(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(hidden, '�')
    .replace(active, (character) => `&#${character.codePointAt(0)};`);
}

/** The same, shown as code: a fence of backticks could be closed from within. */
export const markdownCode = (text: string): string => `<code>${markdownText(text)}</code>`;
