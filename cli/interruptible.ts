/** Until the work is over, Ctrl-C and SIGTERM abort it, so that it can remove what it has begun; a second one ends the program at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const listener = () => abort.abort(new Error(`interrupted by ${name}`));
    process.once(name, listener);
    return () => process.off(name, listener);
  });
  try {
    return await work(abort.signal);
  } finally {
    for (const stop of listeners) stop();
  }
}
