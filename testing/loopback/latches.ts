import { type LoopbackServer, startLoopbackServer } from '../../sdk/host/loopback-server.ts';

/** Named latches that stay open once released. They fix the moment at which a held answer continues. */
export class Latches {
  readonly #released = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(name: string) => void>();

  /** The names released so far. */
  get released(): ReadonlySet<string> {
    return this.#released;
  }

  /**
   * Releases a latch for everyone who waits, now or later. Listeners are called first, so that what they record comes
   * before anything that the release causes. Releasing twice does nothing.
   */
  release(name: string): void {
    if (this.#released.has(name)) return;
    this.#released.add(name);
    for (const listener of this.#listeners) listener(name);
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    for (const go of waiting ?? []) go();
  }

  /**
   * Resolves once `name` is released, at once if it already is.
   * @throws the signal's reason if `signal` aborts first
   */
  wait(name: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#released.has(name)) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting);
      const abort = () => {
        waiting.delete(go);
        reject(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      waiting.add(go);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Calls `listener` on each first release, before waiting callers continue. Returns a function that removes it. */
  onRelease(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Latches that an engine in another process waits for. */
export interface LatchServer {
  readonly url: LoopbackServer['url'];
  /** Releases the latch for everyone who waits, now or later. */
  release(name: string): void;
  /** Resolves once somebody waits at the latch, or has waited. @throws Error if the server is closed first */
  reached(name: string): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Serves `GET /latch/NAME/wait`, which answers when the latch is released (docs/golden-format.md). */
export async function startLatchServer(): Promise<LatchServer> {
  const released = new Latches();
  // A separate latch for each, for whoever waits until a latch is reached.
  const reached = new Latches();
  const closed = new AbortController();
  const server = await startLoopbackServer((request, response) => {
    const name = /^\/latch\/([^/]+)\/wait$/.exec(request.url ?? '')?.[1];
    if (name === undefined || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    const left = new AbortController();
    response.on('close', () => left.abort());
    const latch = decodeURIComponent(name);
    reached.release(latch);
    released.wait(latch, left.signal).then(
      () => response.end('ok\n'),
      () => response.destroy(),
    );
  });
  return {
    url: server.url,
    release: (name) => released.release(name),
    reached: (name) => reached.wait(name, closed.signal),
    close() {
      closed.abort(new Error('The fake engine is closed; a latch that was waited for was never reached'));
      return server.close();
    },
  };
}
