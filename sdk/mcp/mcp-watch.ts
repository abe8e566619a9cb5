import { copyError } from '../errors/connection-errors.ts';
import type { JsonObject, McpServerOauthLoginCompletedNotification } from '../protocol/index.ts';
import { redactText } from '../redact/secret-forms.ts';
import { awaitValue } from '../rpc/await-value.ts';
import { type KeepAlive, type Waiter, Waiters } from '../rpc/condition.ts';
import type { EventSource } from '../rpc/event-stream.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import { BoundedQueue } from '../rpc/notification-feed.ts';
import { type McpEvent, mcpEvent } from './events.ts';

export const readingMcpEvents = 'reading the events of MCP servers';

/** How many events are kept for a reader. */
const keptEvents = 10_000;
/** How many logins are remembered: nobody says when a handle is not needed any more. */
const keptLogins = 100;
/** Shorter values would occur everywhere. */
const shortestSecret = 6;
const keptSecrets = 10_000;

/** Whoever supervises servers. */
interface Supervisor {
  see(method: string, payload: JsonObject, event: McpEvent | undefined): void;
  suspect(threadId: string): void;
  close(): void;
}

/** What a connection knows of its MCP servers. Costs nothing until somebody asks. */
export class McpWatch {
  supervisor: Supervisor | undefined;
  readonly #keepAlive: KeepAlive;
  readonly #readers = new Set<McpReader>();
  readonly #logins = new Set<McpLogin>();
  readonly #secrets = new Set<string>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive) {
    this.#keepAlive = keepAlive;
  }

  /** Whether anybody wants to know. */
  get isUsed(): boolean {
    return this.#readers.size > 0 || this.#logins.size > 0 || this.supervisor !== undefined;
  }

  /** Values that no error may show. */
  hide(values: Iterable<string>): void {
    for (const value of values) if (value.length >= shortestSecret) this.#secrets.add(value);
    keepNewest(this.#secrets, keptSecrets);
  }

  see(method: string, payload: JsonObject): void {
    if (method === 'mcpServer/oauthLogin/completed')
      for (const login of this.#logins) {
        login.see(payload);
        if (login.isOver) this.#logins.delete(login);
      }
    const event = mcpEvent(method, payload, (text) => this.#clean(text));
    if (event) this.tell(event);
    this.supervisor?.see(method, payload, event);
  }

  tell(event: McpEvent): void {
    for (const reader of this.#readers) reader.push(event);
  }

  /** The connection is gone. */
  fail(cause: Error): void {
    this.#failure = cause;
    this.supervisor?.close();
    for (const reader of this.#readers) reader.fail(cause);
    for (const login of this.#logins) login.fail(cause);
  }

  /** Starts reading at the next event. @param threadId whose events; undefined for all */
  read(threadId: string | undefined): McpReader {
    const reader = new McpReader(this.#keepAlive, threadId, () => this.#readers.delete(reader));
    if (this.#failure) reader.fail(this.#failure);
    this.#readers.add(reader);
    return reader;
  }

  /** Call it before the login is asked for: its end may be told at once. */
  expectLogin(server: string): McpLogin {
    const login = new McpLogin(server, this.#keepAlive);
    keepNewest(this.#logins.add(login), keptLogins);
    if (this.#failure) login.fail(this.#failure);
    return login;
  }

  forget(login: McpLogin): void {
    this.#logins.delete(login);
  }

  #clean(text: string): string {
    let out = text;
    for (const secret of this.#secrets) out = out.replaceAll(secret, '<redacted:secret>');
    return redactText(out);
  }
}

/** A place in the events. */
export class McpReader implements EventSource<McpEvent, void> {
  readonly keepAlive: KeepAlive;
  readonly #threadId: string | undefined;
  readonly #unread = new BoundedQueue<McpEvent>(keptEvents, Number.POSITIVE_INFINITY);
  readonly #waiters = new Waiters();
  readonly #closed: () => void;
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive, threadId: string | undefined, closed: () => void) {
    this.keepAlive = keepAlive;
    this.#threadId = threadId;
    this.#closed = closed;
  }

  push(event: McpEvent): void {
    if (this.#threadId !== undefined && event.threadId !== this.#threadId) return;
    this.#unread.push(event, 1);
    this.#waiters.tellAll();
  }

  fail(cause: Error): void {
    this.#failure = cause;
    this.#waiters.tellAll();
  }

  poll(): IteratorResult<McpEvent, void> | undefined {
    const value = this.#unread.shift();
    if (value) return { done: false, value };
    if (this.#failure) throw copyError(this.#failure, { action: readingMcpEvents });
    return undefined;
  }

  listen(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  unlisten(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  close(): void {
    this.#closed();
  }
}

/** A login at an MCP server, and how it ended. */
export class McpLogin {
  readonly #server: string;
  readonly #keepAlive: KeepAlive;
  readonly #ends: JsonObject[] = [];
  readonly #waiters = new Waiters();
  #id: string | undefined;
  #started = false;
  #failure: Error | undefined;

  constructor(server: string, keepAlive: KeepAlive) {
    this.#server = server;
    this.#keepAlive = keepAlive;
  }

  /** @param id of the attempt, if the engine names it: several may run for one server */
  started(id: unknown): void {
    if (typeof id === 'string') this.#id = id;
    this.#started = true;
  }

  /** It is known how it ended, and that this was its end. */
  get isOver(): boolean {
    return this.#started && this.#end !== undefined;
  }

  /** Of those that came before it was known which attempt it is, the right one. */
  get #end(): JsonObject | undefined {
    return this.#ends.find(({ loginId }) => this.#id === undefined || loginId == null || loginId === this.#id);
  }

  see(payload: JsonObject): void {
    if (payload.name !== this.#server) return;
    this.#ends.push(payload);
    this.#waiters.tellAll();
  }

  fail(cause: Error): void {
    this.#failure = cause;
    this.#waiters.tellAll();
  }

  /** @throws AbortError if `signal` fires; the connection's cause if it is gone */
  async wait(signal: AbortSignal | undefined): Promise<McpServerOauthLoginCompletedNotification> {
    const action = `waiting for the login at the MCP server ${this.#server}`;
    const poll = (): JsonObject | undefined => {
      const end = this.#end;
      if (end || !this.#failure) return end;
      throw copyError(this.#failure, { action });
    };
    const source = {
      poll,
      listen: (waiter: Waiter) => this.#waiters.add(waiter),
      unlisten: (waiter: Waiter) => this.#waiters.delete(waiter),
      keepAlive: this.#keepAlive,
    };
    return (await awaitValue(source, { action, signal })) as unknown as McpServerOauthLoginCompletedNotification;
  }
}
