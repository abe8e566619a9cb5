/**
 * The options that have a value: undefined and null are omitted. Nulls inside a value belong to the caller and stay.
 */
export type WithoutUnset<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

export function withoutUnset<T extends object>(options: T): WithoutUnset<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as WithoutUnset<T>;
}
