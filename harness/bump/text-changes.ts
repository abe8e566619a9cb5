import { textParts } from '../compare/text-parts.ts';

/** Only what differs, with the beginning and a little of what stands around it; equal stretches in between are `…`. */
export function textHunks(before: string, after: string, around = 40): { before: string; after: string } {
  const parts = textParts(before, after);
  const side = (own: 'before' | 'after') =>
    parts
      .map(({ text, in: where }, at) => {
        if (where === own) return text;
        if (where !== 'both') return '';
        if (text.length <= 2 * around) return text;
        // What the text is about stands where it begins.
        const head = text.slice(0, around);
        const tail = at === parts.length - 1 ? '' : text.slice(text.length - around);
        return `${head}…${tail}`;
      })
      .join('');
  return { before: side('before'), after: side('after') };
}
