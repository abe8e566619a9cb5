/** A pattern that matches this text and nothing else, for `new RegExp`, also inside a character class. */
export const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A share, 0 to 1, rounded down to so many digits after the point: what is not all is never 1. */
export function roundedDown(share: number, digits: number): number {
  const scale = 10 ** digits;
  // 0.57 × 100 is 56.99…: what is a digit short by the arithmetic alone is not.
  return Math.floor(Number((share * scale).toPrecision(12))) / scale;
}

/** A share, 0 to 1, as `91.3 %`. Rounded down: what is not all is never shown as all. */
export const percent = (share: number, digits = 1): string =>
  `${Number((roundedDown(share, digits + 2) * 100).toFixed(digits))} %`;
