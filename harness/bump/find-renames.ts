/**
 * Which names of the removed ones are there again under another: the texts of both are equal, and most words of the names are: both, so that a list of
 * short shapes, which are often equal, gives no rename that never was. A name that could be two
 * of them is none.
 * @param removed text of what each name stands for, by name
 */
export function findRenames(
  removed: ReadonlyMap<string, string>,
  added: ReadonlyMap<string, string>,
): Map<string, string> {
  const likeness = (a: string, b: string) => (removed.get(a) === added.get(b) ? sharedWords(a, b) : 0);
  const best = (others: Iterable<string>, by: (other: string) => number): string | undefined => {
    const ranked = [...others].map((other) => ({ other, like: by(other) })).sort((a, b) => b.like - a.like);
    const [first, second] = ranked;
    return first === undefined || first.like < 0.6 || first.like === second?.like ? undefined : first.other;
  };
  const renames = new Map<string, string>();
  for (const name of removed.keys()) {
    const to = best(added.keys(), (other) => likeness(name, other));
    if (to === undefined) continue;
    if (best(removed.keys(), (other) => likeness(other, to)) === name) renames.set(name, to);
  }
  return renames;
}

/** Between 0 and 1: the share of words that two names have in common. Only the spelling of `read-only` and `readOnly` differs. */
function sharedWords(a: string, b: string): number {
  const [one, other] = [words(a), words(b)];
  if (one.length === 0 || one.join('') === other.join('')) return 1;
  const shared = one.filter((word) => other.includes(word)).length;
  return (2 * shared) / (one.length + other.length);
}

const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    // What every second type is called tells nothing.
    .filter((word) => !/^(?:|params|response|notification)$/.test(word));
