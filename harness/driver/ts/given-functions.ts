import type { BuiltArguments } from './adapter.ts';

/** Functions that a scenario gives the SDK, as `{$new: Sleep, at: 3}`. */
export const givenFunctions: Readonly<Record<string, (fields: BuiltArguments) => unknown>> = {
  /** A wait that takes no time. The one numbered `at` fails, with all waits so far in its words, rounded to a millisecond. */
  Sleep({ at }) {
    const waits: number[] = [];
    return (ms: number): Promise<void> => {
      waits.push(Math.round(ms));
      return waits.length === at ? Promise.reject(new Error(`waited ${waits.join(', ')} ms`)) : Promise.resolve();
    };
  },
  /** In place of `Math.random`. */
  Random:
    ({ value }) =>
    () =>
      value,
};
