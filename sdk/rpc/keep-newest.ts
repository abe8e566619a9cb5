/** Removes the oldest entries until at most `most` are left. */
export function keepNewest<K>(entries: Set<K> | Map<K, unknown>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(oldest);
  }
}
