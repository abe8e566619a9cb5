import { request } from 'node:http';
import { expectedGot } from '../../../native/expected-got.mjs';
import { DeadlineReached, DriverFailure } from './failures.ts';

/**
 * Calls to the cell's control server. Uses `node:http` on purpose, because it never goes through a proxy, whatever the
 * environment says. Each call rejects with `DriverFailure` for an answer that is not 2xx, with `DeadlineReached` for 410,
 * and with the signal's reason when that fires.
 */
export class Control {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** Resolves once the latch is released. */
  awaitLatch(latch: string, signal: AbortSignal): Promise<void> {
    return this.ask('GET', `/latch/${encodeURIComponent(latch)}/wait`, {}, signal);
  }

  /** Resolves once the server has answered. For steps that only the server can perform. */
  ask(method: string, path: string, query: Record<string, string>, signal: AbortSignal): Promise<void> {
    // Appended to the URL, whose path is the server's token.
    const url = new URL(`${this.#base}${path}`);
    url.search = new URLSearchParams(query).toString();
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error) => {
        reject(
          signal.aborted
            ? signal.reason
            : new DriverFailure(expectedGot(`asking ${method} ${url}`, 'an answer', cause.message), { cause }),
        );
      };
      const call = request(url, { method, signal, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', refuse);
        answer.on('end', () => {
          const status = answer.statusCode ?? 0;
          if (status >= 200 && status < 300) return resolve();
          if (status === 410) return reject(new DeadlineReached('it can never come'));
          const text = Buffer.concat(chunks).toString('utf8').slice(0, 500);
          reject(
            new DriverFailure(expectedGot(`asking ${method} ${url}`, 'status 2xx', `${status} ${text}`.trimEnd())),
          );
        });
      });
      call.on('error', refuse);
      call.end();
    });
  }
}
