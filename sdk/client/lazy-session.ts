import { AbortError } from '../errors/abort-error.ts';
import { orAbort } from '../rpc/or-abort.ts';
import type { CodexConfig } from './config.ts';
import type { InitializeMetadata } from './initialize-metadata.ts';
import { Session } from './session.ts';

/**
 * The client's connection, made at the first need: one engine and one `initialize` for however many calls come at once. When
 * that fails the next call tries afresh, and so does the first call after `close()`. A connection that died is not replaced by itself: its
 * threads and turns are gone, and the program should know.
 */
export class LazySession {
  readonly #config: CodexConfig;
  #current: { session: Session; ready: Promise<void> } | undefined;
  #closing: Promise<void> | undefined;

  constructor(config: CodexConfig) {
    this.#config = config;
  }

  /** The session; an abort frees this caller only. */
  async ready(signal?: AbortSignal): Promise<Session> {
    // No wait unless there is something to wait for: a call made before `close()` belongs to the connection of then.
    if (this.#closing) await this.#closing;
    if (signal?.aborted) throw new AbortError('connecting to the Codex process', signal.reason);
    this.#current ??= this.#start();
    const current = this.#current;
    await orAbort('connecting to the Codex process', current.ready, signal);
    return current.session;
  }

  /** The engine's own description, if connected. */
  get metadata(): InitializeMetadata | undefined {
    return this.#current?.session.metadata;
  }

  /** Ends the connection, also one that is being made. Idempotent; never rejects. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current) {
      const done = current.session.connection.close().then(async () => {
        await current.ready.catch(() => {});
      });
      this.#closing = done;
      void done.then(() => {
        if (this.#closing === done) this.#closing = undefined;
      });
    }
    await this.#closing;
  }

  #start(): { session: Session; ready: Promise<void> } {
    const session = new Session(this.#config);
    const current = { session, ready: session.initialize() };
    current.ready.catch(() => {
      if (this.#current === current) this.#current = undefined;
    });
    return current;
  }
}
