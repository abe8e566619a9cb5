import { appendFileSync } from 'node:fs';
import type { ServerRequest } from '../../../sdk/index.ts';
import type { BuiltArguments } from './adapter.ts';

/** Functions that a scenario gives the SDK, as `{$new: Sleep, at: 3}`. Those that note what they are told do so in a file, which the scenario checks. */
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
  /** Notes with which request a handler failed, and how; then it fails too: `at once` or `later`. */
  FailureNotes:
    ({ file, fails }) =>
    (error: unknown, { method }: ServerRequest) => {
      appendFileSync(String(file), `${method}: ${error}\n`);
      if (fails === 'at once') throw new Error('nor can this be noted');
      return fails === 'later' ? Promise.reject(new Error('nor can this be noted')) : undefined;
    },
  /** Answers no request: it waits until the connection is gone, and notes why that is; then it says yes. */
  UntilGone:
    ({ file }) =>
    async ({ method }: ServerRequest, { signal }: { signal: AbortSignal }) => {
      // It may be so already: a request and the connection's end can come in one piece.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      appendFileSync(String(file), `${method}: ${signal.reason}\n`);
      return { decision: 'accept' };
    },
  /** Answers every request with what JSON cannot hold. */
  Unspeakable: () => () => () => undefined,
  /** No function: an object that has none of what objects have. */
  Bare: () => Object.create(null),
};
