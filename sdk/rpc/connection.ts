import { AbortError, CodexError, TimeoutError } from '../errors/codex-error.ts';
import { copyError, EngineNotReadingError, errorOfSent, TransportClosedError } from '../errors/connection-errors.ts';
import type { Context } from '../host/context.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { randomId } from '../host/random-id.ts';
import { afterReactions, setImmediate } from '../host/real-timers.ts';
import type { JsonObject } from '../protocol/index.ts';
import type { ToldRequest } from '../telemetry/session-telemetry.ts';
import type { Line } from '../transport/line-codec.ts';
import type { Transport } from '../transport/transport.ts';
import type { KeepAlive } from './condition.ts';
import {
  type ExplainRefusal,
  errorFromAnswer,
  type IncomingMessage,
  idText,
  parseMessage,
} from './incoming-message.ts';
import { isObject } from './is-object.ts';
import { jsonLine, sendable } from './json-line.ts';
import { assertTimeout, type Limits } from './limits.ts';
import { answerLine, requestKey, type ServerRequest, type ServerRequestHandlers } from './server-requests.ts';

/** How much may wait for an engine that does not read, in bytes. */
export const defaultUnsentLimit = 64 * 1024 * 1024;

/** For the SDK's own calls. */
export interface InternalCallOptions extends Limits {
  /** Whether the wait keeps the program running. Default: true. */
  keepsAlive?: boolean;
  /** Gets a result that comes when the wait has timed out. */
  late?: ((result: JsonObject) => void) | undefined;
}

/** What a connection reports to its owner. */
export interface ConnectionEvents {
  /** @param size length of the line it came in, in characters */
  onNotification(method: string, params: JsonObject, size: number): void;
  /** The engine asks something; called in its place among the notifications, and before its handler. */
  onServerRequest(request: ServerRequest, size: number): void;
  /** A request of the engine has its answer. */
  onAnswered(request: ServerRequest): void;
  /** Where a request with these parameters is answered. */
  contextOf(params: unknown): Context;
  /** A request is about to be sent, in the context of whoever sends it; undefined if nobody wants to know. */
  told?(method: string, params: unknown): ToldRequest | undefined;
  /** What the error of a refused request says; absent: what the engine says. */
  explain?: ExplainRefusal;
  /** The connection is gone; called once, after the last notification. */
  onFailure(cause: Error): void;
}

type Outcome = { result: JsonObject } | { error: Error };

interface PendingRequest {
  method: string;
  settle(outcome: Outcome): void;
}

/**
 * One connection to an engine, and the only reader of its transport. It matches answers to requests, passes on
 * notifications, and answers the engine's own requests off the read loop. Once it is gone, for whatever reason, every
 * waiting call fails with the same cause, and every later call fails at once.
 */
export class Connection {
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #handlers: ServerRequestHandlers;
  readonly #defaultTimeoutMs: number;
  readonly #unsentLimit: number;
  readonly #pending = new Map<string, PendingRequest>();
  /** The engine's requests for which no handler has been called yet. */
  readonly #undelivered = new Map<string, { moot: boolean }>();
  readonly #gone = new AbortController();
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;
  #open = false;
  /** What is wrong with a last line that the end of the engine has cut off. */
  #cut: unknown;
  #holds = 0;
  /** What the transport was told last. */
  #keeps: boolean | undefined;
  /** The last hold is gone; a next one may follow at once. */
  #releasing = false;

  constructor(
    transport: Transport,
    events: ConnectionEvents,
    handlers: ServerRequestHandlers,
    defaultTimeoutMs: number,
    unsentLimit = defaultUnsentLimit,
  ) {
    this.#transport = transport;
    this.#events = events;
    this.#handlers = handlers;
    this.#defaultTimeoutMs = defaultTimeoutMs;
    this.#unsentLimit = unsentLimit;
  }

  async open(): Promise<void> {
    await this.#transport.open({
      onLine: (line) => this.#onLine(line),
      onClosed: (cause) => this.#onClosed(ownError(cause)),
    });
    this.#open = true;
    this.#applyKeepAlive();
  }

  /** A connection that nobody waits for does not keep the program running. */
  readonly keepAlive: KeepAlive = {
    hold: () => {
      this.#holds += 1;
      this.#applyKeepAlive();
    },
    release: () => {
      this.#holds -= 1;
      // Telling the transport takes several calls of the system, and whoever has had an event mostly waits for the next.
      if (this.#holds === 0 && !this.#releasing) {
        this.#releasing = true;
        afterReactions(this.#letGo);
      }
    },
  };

  readonly #letGo = (): void => {
    this.#releasing = false;
    this.#applyKeepAlive();
  };

  #applyKeepAlive(): void {
    const keeps = this.#holds > 0;
    if (!this.#open || keeps === this.#keeps || this.#releasing) return;
    this.#keeps = keeps;
    this.#transport.setKeepsAlive(keeps);
  }

  /**
   * Sends a request and waits for its answer. If `params` is undefined, the key is omitted.
   * @throws JsonRpcError (or a subclass) if the engine answers with an error
   * @throws CodexError if the answer is not an object
   * @throws EngineExitError, TransportClosedError, or the malformed line's CodexError, if the connection is gone
   * @throws TimeoutError, AbortError; a later answer is dropped, unless `late` takes it
   * @throws EngineNotReadingError if too much waits already; nothing is sent
   * @throws RangeError for a `timeoutMs` below 0, and for more than the transport takes; TypeError for params that JSON cannot hold; nothing is sent
   */
  async request(method: string, params: unknown, options: InternalCallOptions = {}): Promise<JsonObject> {
    const { signal, timeoutMs = this.#defaultTimeoutMs, keepsAlive = true, late } = options;
    // The default applies to this one request, whatever the call did before it.
    const since = options.timeoutMs === undefined ? undefined : options.since;
    assertTimeout('timeoutMs', timeoutMs);
    if (signal?.aborted) throw new AbortError(method, signal.reason);
    this.#assertOpen(method);
    this.#assertReads(method);
    const id = randomId();
    const told = this.#events.told?.(method, params);
    const line = this.#lineOf(method, { id, method, params, trace: told?.trace }, told);
    if (keepsAlive) this.keepAlive.hold();
    let stopTimer = () => {};
    let stopListening = () => {};
    let timedOut = false;
    try {
      return await new Promise<JsonObject>((resolve, reject) => {
        const settle: PendingRequest['settle'] = (outcome) => {
          told?.ended(outcome);
          if ('result' in outcome) resolve(outcome.result);
          else reject(outcome.error);
        };
        stopListening = onAbort(signal, () => settle({ error: new AbortError(method, signal?.reason) }));
        stopTimer = startDeadline(timeoutMs, since, () => {
          settle({ error: new TimeoutError(method, timeoutMs) });
          timedOut = true;
        });
        this.#pending.set(id, { method, settle });
        this.#send(line);
      });
    } finally {
      this.#pending.delete(id);
      if (timedOut && late) this.#pending.set(id, { method, settle: (outcome) => this.#settleLate(id, late, outcome) });
      stopTimer();
      stopListening();
      if (keepsAlive) this.keepAlive.release();
    }
  }

  #lineOf(action: string, message: object, told?: ToldRequest): string {
    try {
      return sendable(action, this.#transport.longestLine, () => jsonLine(message));
    } catch (error) {
      told?.ended({ error: error as Error });
      throw error;
    }
  }

  #settleLate(id: string, late: (result: JsonObject) => void, outcome: Outcome): void {
    this.#pending.delete(id);
    if ('result' in outcome) late(outcome.result);
  }

  /** Sends a notification. @throws EngineNotReadingError if too much waits already, RangeError if it is too long; nothing is sent */
  notify(method: string, params?: unknown): void {
    this.#assertOpen(method);
    this.#assertReads(method);
    this.#send(this.#lineOf(method, { method, params }));
    this.#assertOpen(method);
  }

  /**
   * Ends the connection: waiting calls fail, and so do later ones. Resolves when nothing of it is left. Never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#closeTransport().then(() => {
      this.#fail(new TransportClosedError('Codex process closed stdout. stderr_tail='));
      this.#failure = new TransportClosedError('Codex process is not running');
    });
    return this.#closing;
  }

  /** Only your own transport can fail here, and nobody could do anything about it. */
  async #closeTransport(): Promise<void> {
    try {
      await this.#transport.close();
    } catch {}
  }

  /** Only your own transport can fail here. That ends the connection, and everyone who waits is told. */
  #send(line: string): void {
    try {
      this.#transport.send(line);
    } catch (error) {
      this.#lose(error);
    }
  }

  /**
   * Ends a connection that is beyond repair: everyone gets the cause, and the transport is closed without waiting for
   * it.
   */
  #lose(error: unknown): void {
    this.#fail(ownError(error));
    void this.#closeTransport();
  }

  #assertOpen(action: string): void {
    if (this.#failure) throw copyError(this.#failure, { action });
    if (this.#closing) throw new TransportClosedError('Codex process is not running', { action });
  }

  /** What is sent stays in memory until the engine reads it, whether or not its caller still waits. */
  #assertReads(action: string, limit = this.#unsentLimit): void {
    const { unsent = 0 } = this.#transport;
    if (unsent > limit) throw new EngineNotReadingError(action, unsent, this.#unsentLimit);
  }

  #onLine(line: Line): void {
    // After a malformed line nothing more is trusted, although the engine may still be writing.
    if (this.#failure) return;
    let message: IncomingMessage;
    try {
      message = parseMessage(line);
    } catch (error) {
      // The end of the connection is to come, and tells more: how the engine ended.
      if (line.terminated) this.#lose(error);
      else this.#cut = error;
      return;
    }
    if (!('method' in message)) this.#onAnswer(message);
    else if ('id' in message) this.#onServerRequest(message, line.text);
    else if (typeof message.method === 'string') {
      const params = isObject(message.params) ? (message.params as JsonObject) : {};
      // A request that the engine has resolved itself, before anybody has been asked, is nobody's any more.
      if (message.method === 'serverRequest/resolved') this.#withdraw(params.requestId);
      this.#events.onNotification(message.method, params, line.text.length);
    }
  }

  #onAnswer(message: IncomingMessage): void {
    // Our ids are strings. Anything else answers nothing that was asked, and is dropped.
    const { id, result } = message;
    const pending = typeof id === 'string' ? this.#pending.get(id) : undefined;
    if (!pending) return;
    if ('error' in message)
      pending.settle({ error: errorFromAnswer(message.error, pending.method, this.#events.explain) });
    else if (isObject(result)) pending.settle({ result: result as JsonObject });
    else pending.settle({ error: notAnObject(pending.method) });
  }

  #onServerRequest({ id, method, params: given }: IncomingMessage, text: string): void {
    const params = isObject(given) ? (given as JsonObject) : null;
    // The types of the contract are trusted here: what the engine sent is passed on unchanged.
    const request = { id, method, params } as ServerRequest;
    const context = this.#events.contextOf(params);
    const key = requestKey(id);
    const delivery = { moot: false };
    this.#undelivered.set(key, delivery);
    this.#events.onServerRequest(request, text.length);
    // Whoever waited for an earlier event has it by then, and what it does at once is done. A reader that does something
    // else in between is not waited for.
    context(() =>
      setImmediate(() => {
        if (this.#undelivered.get(key) === delivery) this.#undelivered.delete(key);
        if (!delivery.moot) void this.#answer(request, idText(text));
      }),
    );
  }

  #withdraw(id: unknown): void {
    const delivery = this.#undelivered.size > 0 ? this.#undelivered.get(requestKey(id)) : undefined;
    if (delivery) delivery.moot = true;
  }

  async #answer(request: ServerRequest, idText: string): Promise<void> {
    try {
      const line = await answerLine(request, idText, this.#handlers, this.#gone.signal, this.#transport.longestLine);
      if (line === undefined || this.#failure || this.#closing) return;
      // Requests must not use up the room for answers: an engine that reads slowly still waits for them.
      this.#assertReads(`the answer to ${request.method}`, 2 * this.#unsentLimit);
      this.#send(line);
      this.#events.onAnswered(request);
    } catch (cause) {
      if (cause instanceof EngineNotReadingError) {
        this.#lose(cause);
        return;
      }
      // Nothing should get here. If something does, the engine waits for this answer forever, and the host must not die of it.
      this.#lose(new CodexError('could not answer a request of the Codex process', { cause, kind: 'protocol' }));
    }
  }

  #onClosed(cause: Error): void {
    const cut = this.#cut !== undefined && cause instanceof CodexError && !('cause' in cause);
    this.#fail(cut ? copyError(cause, { cause: this.#cut }) : cause);
  }

  #fail(cause: Error): void {
    if (this.#failure) return;
    this.#failure = cause;
    for (const { method, settle } of [...this.#pending.values()]) settle({ error: errorOfSent(cause, method) });
    this.#events.onFailure(cause);
    this.#gone.abort(cause);
  }
}

/** Every caller gets an error of ours, which can be copied for each; `cause` is what your own transport has thrown. */
function ownError(error: unknown): CodexError {
  if (error instanceof CodexError) return error;
  return new TransportClosedError(error instanceof Error ? error.message : String(error), { cause: error });
}

function notAnObject(method: string): CodexError {
  return new CodexError(`${method} response must be a JSON object`, { kind: 'protocol', action: method });
}
