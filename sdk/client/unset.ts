/** What is left when unset options (undefined, null) are taken out. Nulls inside the values are the caller's own and stay. */
export type Set<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

export function withoutUnset<T extends object>(options: T): Set<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as Set<T>;
}
