import { Latches } from './latches.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

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
