import type { IncomingMessage } from 'node:http';
import { unexpected } from '../fake-error.ts';

/** What the fake needs from its cell's control server. */
export interface Control {
  /** Resolves when the latch is released. @throws FakeError if the server refuses or is gone */
  latch(name: string): Promise<void>;
  /** Reports that the engine would have sent its nth model request. */
  modelReached(n: number): Promise<void>;
}

/** Outside a cell nothing is held. */
export const noControl: Control = { async latch() {}, async modelReached() {} };

export function controlAt(url: string): Control {
  return {
    latch: (name) => ask('GET', `${url}/latch/${encodeURIComponent(name)}/wait`),
    modelReached: (n) => ask('POST', `${url}/model/reached?n=${n}`),
  };
}

async function ask(method: string, url: string): Promise<void> {
  // Loaded on first use; otherwise it would be a large part of the fake's start.
  const { request } = await import('node:http');
  await new Promise<void>((resolve, reject) => {
    const answered = (what: string, cause?: unknown) =>
      reject(unexpected(`asking the control server (${method} ${url})`, 'status 200', what, { cause }));
    const fail = (cause: Error) => answered(cause.message, cause);
    const asking = request(url, { method }, (response: IncomingMessage) => {
      response.on('error', fail).on('end', () => {
        if (response.statusCode === 200) resolve();
        else answered(`status ${response.statusCode}`);
      });
      response.resume();
    });
    asking.on('error', fail).end();
  });
}
