import { appendFileSync } from 'node:fs';
import type { ServerRequest } from '../../../sdk/index.ts';
import type { BuiltArguments } from './adapter.ts';

/**
 * Functions that a scenario passes to the SDK, as `{$new: Sleep, at: 3}`. Those that record what they are told write it
 * to a file, which the scenario checks.
 */
export const givenFunctions: Readonly<Record<string, (fields: BuiltArguments) => unknown>> = {
  /**
   * A sleep that takes no time. The one numbered `at` fails and reports all sleeps so far, rounded to a millisecond.
   */
  Sleep({ at }) {
    const waits: number[] = [];
    return (ms: number): Promise<void> => {
      waits.push(Math.round(ms));
      return waits.length === at ? Promise.reject(new Error(`waited ${waits.join(', ')} ms`)) : Promise.resolve();
    };
  },
  /** Replaces `Math.random`. */
  Random:
    ({ value }) =>
    () =>
      value,
  /** Records which request a handler failed on, and how; then it fails too: `at once` or `later`. */
  FailureNotes:
    ({ file, fails }) =>
    (error: unknown, { method }: ServerRequest) => {
      appendFileSync(String(file), `${method}: ${error}\n`);
      if (fails === 'at once') throw new Error('nor can this be noted');
      return fails === 'later' ? Promise.reject(new Error('nor can this be noted')) : undefined;
    },
  /** Answers no request: waits until the connection is gone and records why; then it agrees. */
  UntilGone:
    ({ file }) =>
    async ({ method }: ServerRequest, { signal }: { signal: AbortSignal }) => {
      // It may be gone already: a request and the end of the connection can arrive together.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      appendFileSync(String(file), `${method}: ${signal.reason}\n`);
      return { decision: 'accept' };
    },
  /** Answers every request with what JSON cannot hold. */
  Unspeakable: () => () => () => undefined,
  /** Not a function: an object without anything that objects have. */
  Bare: () => Object.create(null),
};
