import { AsyncLocalStorage } from 'node:async_hooks';

/** Runs something in the asynchronous context that it stands for: what `AsyncLocalStorage` answers there is what it answered then. */
export type Context = <R>(work: () => R) => R;

/** The context of here and now, for callbacks that are called later from somewhere else. */
export function currentContext(): Context {
  return AsyncLocalStorage.snapshot();
}
