import type { Paint } from './output.mjs';

/** A line of a structural diff in the colour of its sign. */
export function paintChange(line: string, paint: Paint): string {
  const sign = /^ *([-+~]) /.exec(line)?.[1];
  return sign === undefined
    ? line
    : paint[({ '-': 'red', '+': 'green', '~': 'yellow' } as const)[sign as '-' | '+' | '~']](line);
}
