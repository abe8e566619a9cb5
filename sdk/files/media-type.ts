/** How many bytes tell the type of a file. */
export const tellingBytes = 16;

const text = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

/** By their first bytes, because a name can say anything: first the images that a model takes. */
const kinds: readonly { type: string; ending: string; is(bytes: Uint8Array): boolean }[] = [
  { type: 'image/png', ending: '.png', is: (bytes) => text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', ending: '.jpg', is: (bytes) => text(bytes, 0, 3) === '\xff\xd8\xff' },
  { type: 'image/gif', ending: '.gif', is: (bytes) => /^GIF8[79]a$/.test(text(bytes, 0, 6)) },
  {
    type: 'image/webp',
    ending: '.webp',
    is: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP',
  },
  { type: 'application/pdf', ending: '.pdf', is: (bytes) => text(bytes, 0, 5) === '%PDF-' },
];

/** What a file is when its first bytes do not say it. */
export const unknownType = 'application/octet-stream';

/** The media type of a file by its first bytes, and the ending that images of it have. */
export function mediaTypeOf(bytes: Uint8Array): { type: string; ending: string | undefined } {
  const kind = kinds.find(({ is }) => is(bytes));
  return { type: kind?.type ?? unknownType, ending: kind?.ending };
}

/** Whether a type is one of these, such as `image/png` or `image/*`. */
export function isOneOf(type: string, allowed: readonly string[]): boolean {
  return allowed.some(
    (one) => one === type || one === '*/*' || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))),
  );
}
