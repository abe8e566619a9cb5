import { align } from './align.ts';

/** What two texts have in common, and what only one of them has. */
export interface TextPart {
  text: string;
  in: 'both' | 'before' | 'after';
}

/** More words than this are compared line by line: the table grows with the product of both. */
const mostWords = 1500;

/** Splits two texts into what is equal and what is not, word by word; long ones line by line, and their changed lines word by word. */
export function textParts(before: string, after: string): TextPart[] {
  const [left, right] = [words(before), words(after)];
  if (left.length <= mostWords && right.length <= mostWords) return joined(aligned(left, right));
  const parts = joined(aligned(before.split(/(?<=\n)/), after.split(/(?<=\n)/)));
  return joined(
    parts.flatMap((part, at): TextPart[] => {
      const next = parts[at + 1];
      if (part.in === 'after' && parts[at - 1]?.in === 'before') return [];
      if (part.in !== 'before' || next?.in !== 'after') return [part];
      const [a, b] = [words(part.text), words(next.text)];
      return a.length <= mostWords && b.length <= mostWords ? aligned(a, b) : [part, next];
    }),
  );
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}_/.-]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

function aligned(left: readonly string[], right: readonly string[]): TextPart[] {
  const same = (a: string, b: string) => a === b;
  return align(left, right, same, same).map(({ expected, actual }): TextPart => {
    if (expected !== undefined && actual !== undefined) return { text: actual, in: 'both' };
    return expected === undefined ? { text: actual as string, in: 'after' } : { text: expected, in: 'before' };
  });
}

/** Between two equal parts, what was stands before what is. */
function joined(parts: readonly TextPart[]): TextPart[] {
  const out: TextPart[] = [];
  let before = '';
  let after = '';
  const flush = () => {
    if (before !== '') out.push({ text: before, in: 'before' });
    if (after !== '') out.push({ text: after, in: 'after' });
    before = '';
    after = '';
  };
  for (const part of parts) {
    if (part.in === 'before') before += part.text;
    else if (part.in === 'after') after += part.text;
    else {
      flush();
      const last = out.at(-1);
      if (last?.in === 'both') last.text += part.text;
      else out.push({ ...part });
    }
  }
  flush();
  return out;
}
