/** Controls, format characters, line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Characters that have no sight of their own, or that turn the writing direction of what follows, as `\u{…}`: two texts that differ in
 * one of them must not look alike, and none may make a line read as another. Line ends and tabs stay.
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) =>
    character === '\n' || character === '\t' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
