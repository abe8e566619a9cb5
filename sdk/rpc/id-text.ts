/**
 * The text of a message's `id`, as the engine wrote it: `9007199254740993`, `1e3`, `"\u0041"`. Read and written again, it
 * may be another number, and the answer would answer nothing that was asked.
 * @param line known to be a JSON object with an `id`; of two, the last counts, as for `JSON.parse`
 */
export function idText(line: string): string {
  let found = 'null';
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charCodeAt(at);
    if (char === quote) {
      const end = stringEnd(line, at);
      const isId =
        depth === 1 && end - at <= longestKey && isKey(line, end) && JSON.parse(line.slice(at, end)) === 'id';
      if (isId) {
        const from = line.indexOf(':', end) + 1;
        const to = valueEnd(line, from);
        found = line.slice(from, to).trim();
        at = to - 1;
      } else at = end - 1;
    } else if (char === openBrace || char === openBracket) depth += 1;
    else if (char === closeBrace || char === closeBracket) depth -= 1;
  }
  // A slice keeps the whole line in memory.
  return Buffer.from(found).toString();
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma] = [...'"\\{}[],'].map((char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** `"id"` with each character as an escape of six. */
const longestKey = 14;

/** Whether the string that ends there is a key. */
function isKey(line: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  return colon.test(line);
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(line: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    // Character by character where many are escaped, and by leaps where a text is long: each is slow for the other.
    for (const near = at + 64; at < near; at += 1) {
      const char = line.charCodeAt(at);
      if (char === quote) return at + 1;
      if (char === backslash) at += 1;
    }
    const start = at;
    at = line.indexOf('"', start);
    let backslashes = 0;
    while (at - backslashes > start && line.charCodeAt(at - backslashes - 1) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** Behind the value that begins at `from`: at the comma or brace that follows it. */
function valueEnd(line: string, from: number): number {
  let depth = 0;
  for (let at = from; ; at += 1) {
    const char = line.charCodeAt(at);
    if (char === quote) at = stringEnd(line, at) - 1;
    else if (char === openBrace || char === openBracket) depth += 1;
    else if (depth === 0 && (char === comma || char === closeBrace)) return at;
    else if (char === closeBrace || char === closeBracket) depth -= 1;
  }
}
