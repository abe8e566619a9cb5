import { createHash } from 'node:crypto';

/** A name for what these texts decide. */
export function digestOf(texts: Iterable<readonly [string, string]>): string {
  const hash = createHash('sha256');
  for (const [name, text] of texts) hash.update(name).update('\0').update(text).update('\0');
  return hash.digest('hex').slice(0, 16);
}
