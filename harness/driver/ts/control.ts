import { request } from 'node:http';
import type { JsonObject } from '../../../testing/json/json.ts';
import { DriverFailure } from './failures.ts';

/**
 * Calls to the cell's control server. `node:http` on purpose: it is never sent through a proxy, whatever the environment says.
 * Each rejects with `DriverFailure` for an answer that is not 2xx, and with the signal's reason when that fires.
 */
export class Control {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  release(latch: string, signal: AbortSignal): Promise<void> {
    return this.#send('POST', `/latch/${encodeURIComponent(latch)}/release`, {}, signal);
  }

  kill(name: string, signal: AbortSignal): Promise<void> {
    return this.#send('POST', '/kill', { signal: name }, signal);
  }

  checkFile(file: string, signal: AbortSignal): Promise<void> {
    return this.#send('POST', '/check', { file }, signal);
  }

  awaitModel(requests: number, signal: AbortSignal): Promise<void> {
    return this.#send('GET', '/model/requests', { atLeast: String(requests) }, signal);
  }

  awaitWire(method: string, match: JsonObject, times: number, signal: AbortSignal): Promise<void> {
    return this.#send('GET', '/wire', { method, match: JSON.stringify(match), times: String(times) }, signal);
  }

  /** Resolves once the latch is released. */
  awaitLatch(latch: string, signal: AbortSignal): Promise<void> {
    return this.#send('GET', `/latch/${encodeURIComponent(latch)}/wait`, {}, signal);
  }

  awaitExit(signal: AbortSignal): Promise<void> {
    return this.#send('GET', '/engine/gone', {}, signal);
  }

  #send(method: string, path: string, query: Record<string, string>, signal: AbortSignal): Promise<void> {
    // Behind the address, whose path is the server's token.
    const url = new URL(`${this.#base}${path}`);
    url.search = new URLSearchParams(query).toString();
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error) => {
        reject(
          signal.aborted ? signal.reason : new DriverFailure(`${method} ${url} failed: ${cause.message}`, { cause }),
        );
      };
      const call = request(url, { method, signal, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', refuse);
        answer.on('end', () => {
          const status = answer.statusCode ?? 0;
          if (status >= 200 && status < 300) return resolve();
          const text = Buffer.concat(chunks).toString('utf8').slice(0, 500);
          reject(new DriverFailure(`${method} ${url} answered ${status}, wanted 2xx: ${text}`));
        });
      });
      call.on('error', refuse);
      call.end();
    });
  }
}
