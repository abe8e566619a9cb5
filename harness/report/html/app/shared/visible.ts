/** Controls, format characters, line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Shows invisible characters, and those that change the writing direction of what follows, as `\u{…}`: two texts that
 * differ in one of them must not look alike, and none may make a line read as another. Line ends and tabs stay.
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) =>
    character === '\n' || character === '\t' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
