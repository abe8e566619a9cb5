import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Runs something in an asynchronous context: `AsyncLocalStorage` returns there what it returned when the context was
 * captured.
 */
export type Context = <R>(work: () => R) => R;

/** Captures the current context, for callbacks that are called later from somewhere else. */
export function currentContext(): Context {
  return AsyncLocalStorage.snapshot();
}
