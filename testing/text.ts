/** A pattern that matches this text and nothing else, for `new RegExp`, also inside a character class. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
