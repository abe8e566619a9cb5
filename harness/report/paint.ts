/** Paints a text; the identity where colours are off. */
export interface Paint {
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** A line of a structural diff in the colour of its sign. */
export function paintChange(line: string, paint: Paint): string {
  const sign = /^ *([-+~]) /.exec(line)?.[1];
  return sign === undefined
    ? line
    : paint[({ '-': 'red', '+': 'green', '~': 'yellow' } as const)[sign as '-' | '+' | '~']](line);
}
