/** The callers that wait for a signal, and how to remove our single listener. */
interface Waiting {
  listeners: Set<() => void>;
  stop(): void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `listener` when `signal` fires, unless the result has been called before. All calls that share a signal share
 * one listener, because Node warns about a leak from the eleventh on.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (!signal) return () => {};
  const known = waiting.get(signal) ?? watch(signal);
  // Each call gets its own function, so that one listener may wait twice.
  const entry = () => listener();
  known.listeners.add(entry);
  return () => {
    if (known.listeners.delete(entry) && known.listeners.size === 0) known.stop();
  };
}

function watch(signal: AbortSignal): Waiting {
  const listeners = new Set<() => void>();
  const fire = () => {
    known.stop();
    for (const listener of listeners) listener();
  };
  const known: Waiting = {
    listeners,
    stop() {
      waiting.delete(signal);
      signal.removeEventListener('abort', fire);
    },
  };
  signal.addEventListener('abort', fire);
  waiting.set(signal, known);
  return known;
}

/** A signal that fires with the first of two. */
export function eitherSignal(one: AbortSignal, other: AbortSignal): AbortSignal {
  try {
    return AbortSignal.any([one, other]);
  } catch {
    // A signal of another maker, as of a polyfill.
    const either = new AbortController();
    for (const signal of [one, other]) {
      if (signal.aborted) either.abort(signal.reason);
      onAbort(signal, () => either.abort(signal.reason));
    }
    return either.signal;
  }
}
