import { randomUUID } from 'node:crypto';
import { AbortError } from '../errors/abort-error.ts';
import { CodexError } from '../errors/codex-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { TransportClosedError } from '../errors/transport-closed-error.ts';
import type { JsonObject } from '../protocol/index.ts';
import type { Transport } from '../transport/transport.ts';
import type { Hold } from './bell.ts';
import { errorFromAnswer } from './error-answer.ts';
import { isObject } from './is-object.ts';
import type { Line } from './line-codec.ts';
import { type IncomingMessage, parseMessage } from './parse-message.ts';
import { answerLine, type ServerRequestHandlers } from './server-requests.ts';

/** Options of any call. */
export interface CallOptions {
  /** Frees the caller with an `AbortError`. What was already sent may still take effect. */
  signal?: AbortSignal | undefined;
  /** How long to wait for the engine's answer, in milliseconds; 0: for ever. Default: the client's `requestTimeoutMs`. */
  timeoutMs?: number | undefined;
}

/** For the SDK's own calls. */
export interface InternalCallOptions extends CallOptions {
  /** Whether the wait keeps the host program running. Default true. */
  holds?: boolean;
}

/** The longest delay of a timer; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What a connection tells its owner. */
export interface ConnectionEvents {
  onNotification(method: string, params: JsonObject): void;
  /** The connection is gone; called once, after the last notification. */
  onFailure(cause: Error): void;
}

interface PendingRequest {
  method: string;
  settle(outcome: { result: JsonObject } | { error: Error }): void;
}

/**
 * One connection to an engine: the only reader of its transport. It pairs answers with requests, passes notifications
 * on, and answers the engine's own requests off the read loop. Once it is gone, for whatever reason, every waiting call fails
 * with the one cause, and every later call at once.
 */
export class Connection {
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #handlers: ServerRequestHandlers;
  readonly #defaultTimeoutMs: number;
  readonly #pending = new Map<string, PendingRequest>();
  readonly #gone = new AbortController();
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;
  #holds = 0;

  constructor(
    transport: Transport,
    events: ConnectionEvents,
    handlers: ServerRequestHandlers,
    defaultTimeoutMs: number,
  ) {
    this.#transport = transport;
    this.#events = events;
    this.#handlers = handlers;
    this.#defaultTimeoutMs = defaultTimeoutMs;
  }

  async open(): Promise<void> {
    await this.#transport.open({ onLine: (line) => this.#onLine(line), onClosed: (cause) => this.#fail(cause) });
    this.#transport.setKeepsAlive(this.#holds > 0);
  }

  /** Keeps the host program running until the result is called. A connection that nobody waits for does not. */
  readonly hold: Hold = () => {
    this.#holds += 1;
    if (this.#holds === 1) this.#transport.setKeepsAlive(true);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      if (this.#holds === 0) this.#transport.setKeepsAlive(false);
    };
  };

  /**
   * Sends a request and waits for its answer. `params` undefined: the key is absent.
   * @throws JsonRpcError (or a class of it) when the engine answers with an error
   * @throws CodexError when the answer is not an object
   * @throws TransportClosedError, or the malformed line's CodexError, when the connection is gone
   * @throws TimeoutError, AbortError
   */
  async request(method: string, params: unknown, options: InternalCallOptions = {}): Promise<JsonObject> {
    const { signal, timeoutMs = this.#defaultTimeoutMs, holds = true } = options;
    if (signal?.aborted) throw new AbortError(method, signal.reason);
    this.#assertOpen();
    const id = randomUUID();
    const line = JSON.stringify({ id, method, params });
    const release = holds ? this.hold() : () => {};
    let timer: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      return await new Promise<JsonObject>((resolve, reject) => {
        const settle: PendingRequest['settle'] = (outcome) =>
          'result' in outcome ? resolve(outcome.result) : reject(outcome.error);
        onAbort = () => settle({ error: new AbortError(method, signal?.reason) });
        signal?.addEventListener('abort', onAbort, { once: true });
        if (timeoutMs > 0 && timeoutMs <= longestTimerMs) {
          // The hold keeps the program running, not the timer.
          timer = setTimeout(() => settle({ error: new TimeoutError(method, timeoutMs) }), timeoutMs).unref();
        }
        this.#pending.set(id, { method, settle });
        this.#transport.send(line);
      });
    } finally {
      this.#pending.delete(id);
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      release();
    }
  }

  /** Sends a notification. */
  notify(method: string, params?: unknown): void {
    this.#assertOpen();
    this.#transport.send(JSON.stringify({ method, params }));
  }

  /** Ends the connection: waiting calls fail, later ones too. Resolves when nothing of it is left. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#transport.close().then(() => {
      this.#fail(new TransportClosedError('Codex process closed stdout. stderr_tail='));
      this.#failure = new TransportClosedError('Codex process is not running');
    });
    return this.#closing;
  }

  #assertOpen(): void {
    if (this.#failure) throw this.#failure;
    if (this.#closing) throw new TransportClosedError('Codex process is not running');
  }

  #onLine(line: Line): void {
    // After a malformed line nothing more is believed, though the engine may still be talking.
    if (this.#failure) return;
    let message: IncomingMessage;
    try {
      message = parseMessage(line);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new CodexError(String(error)));
      void this.#transport.close();
      return;
    }
    if (!('method' in message)) this.#onAnswer(message);
    else if ('id' in message) void this.#onServerRequest(message);
    else if (typeof message.method === 'string') {
      this.#events.onNotification(message.method, isObject(message.params) ? (message.params as JsonObject) : {});
    }
  }

  #onAnswer(message: IncomingMessage): void {
    // Ids are ours, so they are strings; anything else answers nothing that was asked, and is dropped.
    const { id, result } = message;
    const pending = typeof id === 'string' ? this.#pending.get(id) : undefined;
    if (!pending) return;
    if ('error' in message) pending.settle({ error: errorFromAnswer(message.error) });
    else if (isObject(result)) pending.settle({ result: result as JsonObject });
    else pending.settle({ error: new CodexError(`${pending.method} response must be a JSON object`) });
  }

  async #onServerRequest(message: IncomingMessage): Promise<void> {
    const params = isObject(message.params) ? (message.params as JsonObject) : null;
    const request = { id: message.id, method: message.method, params };
    const line = await answerLine(request, this.#handlers, this.#gone.signal);
    if (!this.#failure && !this.#closing) this.#transport.send(line);
  }

  #fail(cause: Error): void {
    if (this.#failure) return;
    this.#failure = cause;
    for (const pending of [...this.#pending.values()]) pending.settle({ error: cause });
    this.#events.onFailure(cause);
    this.#gone.abort(cause);
  }
}
