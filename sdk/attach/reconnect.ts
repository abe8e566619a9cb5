import { CodexError } from '../errors/codex-error.ts';
import type { ConnectionLostError } from '../errors/connection-errors.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { clearTimeout, longestTimerMs, setTimeout } from '../host/real-timers.ts';
import {
  callback,
  checkOptions,
  count,
  milliseconds,
  object,
  type Rule,
  type RulesFor,
} from '../options/check-options.ts';
import type { Transport, TransportEvents, TransportFactory } from '../transport/transport.ts';
import { ConnectError } from './connect-errors.ts';

/** A thread that this client had open, after the connection was made again. */
export interface ReopenedThread {
  threadId: string;
  /**
   * The turn that runs on it, if one does: `thread.attach(turnId)` gives its events from here on. What came while there
   * was no connection is lost; `thread.read({ includeTurns: true })` has the items of turns that are over.
   */
  turnId: string | undefined;
  /** Why it could not be resumed; undefined if it was. Its events do not come any more. */
  error: Error | undefined;
}

/** What happened while the connection was lost and made again. */
export interface ReconnectReport {
  /** How the connection was lost. */
  lost: ConnectionLostError;
  /** How many attempts it took. */
  attempts: number;
  /** Every thread that this client had started, resumed or forked, and not archived or deleted. */
  threads: readonly ReopenedThread[];
}

/**
 * What happens when a client that is attached loses its connection. The engine and its turns go on without it.
 *
 * Calls and streams that wait fail with a `ConnectionLostError`; no request is ever sent twice. Then the connection is made again, and all threads of
 * this client are resumed on it with the options that they were opened with. Later calls wait for that.
 */
export interface ReconnectPolicy {
  /** How often it is tried, at most. Default: 5. */
  attempts?: number | undefined;
  /** How long it waits before the first attempt, in milliseconds. It doubles each time. Default: 250. */
  backoffMs?: number | undefined;
  /** The longest wait before an attempt, in milliseconds. Default: 10,000. */
  maxBackoffMs?: number | undefined;
  /** Called when the connection is there again. What it throws becomes a warning of the process. */
  onReconnect?: ((report: ReconnectReport) => void | Promise<void>) | undefined;
}

const policyRules: RulesFor<ReconnectPolicy> = {
  attempts: count,
  backoffMs: milliseconds,
  maxBackoffMs: milliseconds,
  onReconnect: callback,
};

export const reconnectRule: Rule = {
  expected: 'false, or an object',
  accepts: (value) => {
    if (value !== false && object.accepts(value)) checkOptions('reconnect', value, policyRules);
    return value === false || object.accepts(value);
  },
  nullable: false,
};

/** Makes a lost connection again: a transport whose opening is tried as often as the policy allows. */
export class ReconnectingTransport implements Transport {
  readonly #factory: TransportFactory;
  readonly #policy: ReconnectPolicy;
  #attempts: number;
  #inner: Transport | undefined;
  #closed = false;
  #wake: () => void = () => {};

  /** @param attempts how many have been made before, in vain */
  constructor(factory: TransportFactory, policy: ReconnectPolicy, attempts: number) {
    this.#factory = factory;
    this.#policy = policy;
    this.#attempts = attempts;
  }

  /** How many attempts have been made. */
  get attempts(): number {
    return this.#attempts;
  }

  async open(events: TransportEvents): Promise<void> {
    const { attempts = 5 } = this.#policy;
    for (;;) {
      await this.#pause();
      this.#attempts += 1;
      const transport = this.#factory();
      try {
        this.#inner = transport;
        await transport.open(events);
        return;
      } catch (error) {
        if (this.#closed) throw error;
        if (!(error instanceof CodexError) || !error.retryable) throw error;
        if (this.#attempts < attempts) continue;
        const times = this.#attempts === 1 ? 'once' : `${this.#attempts} times`;
        throw new ConnectError(`connecting again was tried ${times} in vain. ${error.message}`, {
          cause: error,
          passing: true,
        });
      }
    }
  }

  send(line: string): void {
    this.#inner?.send(line);
  }

  get unsent(): number {
    return this.#inner?.unsent ?? 0;
  }

  get longestLine(): number | undefined {
    return this.#inner?.longestLine;
  }

  setKeepsAlive(keeps: boolean): void {
    this.#inner?.setKeepsAlive(keeps);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#inner?.close();
  }

  /** Does not keep the program running: whoever waits for the connection does. */
  async #pause(): Promise<void> {
    const { backoffMs = 250, maxBackoffMs = 10_000 } = this.#policy;
    await new Promise<void>((resolve) => {
      const waitMs = Math.min(maxBackoffMs, backoffMs * 2 ** this.#attempts, longestTimerMs);
      const timer = setTimeout(resolve, waitMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#closed) this.#wake();
    });
    if (this.#closed) throw new TransportClosedError('the connection to the app-server is closed');
  }
}

/** Tells the program, whatever its function does. */
export function report(policy: ReconnectPolicy, what: ReconnectReport): void {
  const warn = (error: unknown) =>
    process.emitWarning(`onReconnect has failed: ${String(error)}`, { type: 'TwinproofWarning' });
  try {
    void Promise.resolve(policy.onReconnect?.(what)).catch(warn);
  } catch (error) {
    warn(error);
  }
}
