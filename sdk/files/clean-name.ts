/** Names that Windows keeps for devices, whatever follows the first dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** What a name must not contain on some system, and what would show it as another one: controls, marks of direction. */
const unsafe = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]/gu;

/** Longest name, in bytes of UTF-8: what a file name may have on all systems, less what is put before it. */
const longest = 180;

/**
 * A name that is a file name on every system, and nothing else: no path, no device, no hidden file. Letters of all scripts
 * stay.
 */
export function cleanName(given: string): string {
  // Half of a character that is written in two halves stands for nothing.
  const whole = given.replace(/\p{Surrogate}/gu, '_').normalize('NFC');
  const last = whole.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  const name = last.replace(unsafe, '_').replace(/^[\s.]+|[\s.]+$/g, '');
  if (name === '') return 'file';
  return shortened(reserved.test(name) ? `_${name}` : name);
}

/** The ending of a name, such as `.png`; empty if it has none that is plain. */
export function endingOf(name: string): string {
  return (/.(\.[a-z0-9]{1,10})$/i.exec(name)?.[1] ?? '').toLowerCase();
}

/** Cuts before the ending, and never within a character. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longest) return name;
  const ending = endingOf(name);
  const characters = [...name.slice(0, name.length - ending.length)];
  while (Buffer.byteLength(characters.join('')) + ending.length > longest) characters.pop();
  return `${characters.join('')}${ending}`;
}
