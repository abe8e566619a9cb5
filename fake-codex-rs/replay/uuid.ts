/**
 * A UUID in the form of version 7, the same for the same seed and name: the processes of one cell need no shared state to agree on ids.
 * Node's own hashes would cost a module load at each start, and nothing here has to be hard to guess.
 * @param moment milliseconds since 1970, its leading part
 */
export function uuidFor(seed: string, name: string, moment: number): string {
  const words = [0x243f6a88, 0x85a308d3, 0x13198a2e].map((start) => mix(`${seed}\0${name}`, start));
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const time = Math.floor(moment).toString(16).padStart(12, '0').slice(-12);
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

/** FNV-1a with a finaliser, over UTF-16 units. */
function mix(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
