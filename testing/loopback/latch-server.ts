import { Latches } from './latches.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

/** Latches that an engine in another process waits for. */
export interface LatchServer {
  readonly url: LoopbackServer['url'];
  /** Opens the gate for all who wait and for all who come later. */
  release(name: string): void;
  /** Resolves once somebody waits at the latch, or has. @throws Error when the server is closed before */
  reached(name: string): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Serves `GET /latch/NAME/wait`, which is answered when the latch is released (docs/golden-format.md). */
export async function startLatchServer(): Promise<LatchServer> {
  const released = new Latches();
  // A latch of its own for each: who waits for a latch to be reached.
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
