/**
 * The beginning of a text, of at most so many characters. Never half of a surrogate pair, which no reader of UTF-8 can
 * show.
 */
export function beginningOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return text.slice(0, isHigh(text, longest - 1) && isLow(text, longest) ? longest - 1 : longest);
}

/** The end of a text, of at most so many characters; like `beginningOf()`. */
export function endOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const from = text.length - longest;
  return text.slice(isHigh(text, from - 1) && isLow(text, from) ? from + 1 : from);
}

/** The beginning, of at most so many code points, as Python counts characters. */
export function codePoints(text: string, most: number): string {
  let end = 0;
  for (let left = most; left > 0 && end < text.length; left -= 1)
    end += isHigh(text, end) && isLow(text, end + 1) ? 2 : 1;
  return text.slice(0, end);
}

const isHigh = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800;
const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
