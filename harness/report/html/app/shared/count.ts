/** A count for people: `2,316`. */
export const count = (value: number): string => value.toLocaleString('en');
