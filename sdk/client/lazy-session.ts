import { ReconnectingTransport, type ReopenedThread, report } from '../attach/reconnect.ts';
import { AbortError } from '../errors/codex-error.ts';
import { ConnectionLostError, copyError, TransportClosedError } from '../errors/connection-errors.ts';
import type { Staging } from '../files/staging.ts';
import { type Context, currentContext } from '../host/context.ts';
import { clearTimeout, longestTimerMs, setTimeout } from '../host/real-timers.ts';
import type { ApprovalsReviewer } from '../protocol/index.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import { type CallOptions, checkCall, type Limits, orAbort } from '../rpc/limits.ts';
import type { ThreadToolsReport } from '../tools/thread-tools.ts';
import type { CodexConfig } from './config.ts';
import type { InitializeMetadata } from './initialize-metadata.ts';
import type { McpServers } from './mcp-servers.ts';
import type { Session } from './session.ts';

/** Loaded by the first call that connects: a third of the code, of which a program that only imports the package needs nothing. */
let loaded: typeof import('./session.ts') | undefined;

const connecting = 'connecting to the Codex process';

// A client that is dropped without `close()`, for example in a hot reload, must not keep its engine forever.
const dropped = new FinalizationRegistry<Session>((session) => {
  void session.close().then(() => session.unstage());
});

/** Clients that somebody waits for. */
export const inUse = new Set<{ by: LazySession }>();

/** Waits for `work` and keeps the program running until it is over. */
async function keptAlive<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { keepAlive } = session.connection;
  keepAlive.hold();
  try {
    return await work();
  } finally {
    keepAlive.release();
  }
}

/** How many threads are resumed after a lost connection, at most: nobody says when they are not needed any more. */
const reopened = 1000;

/** Resumes a thread on another connection. @returns the id of its running turn */
export type Reopen = (session: Session) => Promise<string | undefined>;

/** A timer of weeks keeps the program running. @returns its end */
function keepProgram(): () => void {
  const timer = setTimeout(() => {}, longestTimerMs);
  return () => clearTimeout(timer);
}

interface Current {
  session: Session;
  ready: Promise<void>;
  /** Whether `ready` has been fulfilled. */
  connected: boolean;
  /** What makes the connection, if it stands for one that was lost. */
  again: ReconnectingTransport | undefined;
}

/** A session does not keep its client, which is dropped without it. A function of its own: a closure keeps all that is around it. */
function toClient(client: WeakRef<LazySession>, current: Current): (cause: Error) => void {
  return (cause) => client.deref()?.onFailure(current, cause);
}

/**
 * The client's connection, made on the first call: one engine and one `initialize`, however many calls arrive at once.
 * After a failure, the next call tries again, and so does the first call after `close()`. A connection that died is not
 * replaced automatically, because its threads and turns are gone, and the program should know; that of an attached client is, if its policy says so.
 *
 * Everything through which a program can still reach the connection refers to this object. When nothing does any more,
 * the connection is closed.
 */
export class LazySession {
  readonly #config: CodexConfig;
  readonly #context: Context = currentContext();
  #current: Current | undefined;
  /** The connection of the first call, while what makes it is being loaded. */
  #loading: Promise<Current> | undefined;
  #closing: Promise<void> | undefined;
  /** Those for which files are staged: a connection that is lost and made again leaves them. */
  readonly #staged = new Set<Session>();
  readonly #awaiting = new Set<(session: Session) => void>();
  readonly #threads = new Map<string, Reopen>();
  /** The loss of the last connection, until there is another one. */
  #lost: ConnectionLostError | undefined;
  /** Attempts that opened a connection which did not last. */
  #vain = 0;
  /** How often it was ended. */
  #ends = 0;

  constructor(config: CodexConfig) {
    this.#config = config;
  }

  /**
   * Returns the session. An abort or a timeout affects only this caller. If the connection exists, the caller itself
   * reports a signal that was already aborted, because it has the better words.
   * @throws AbortError, TimeoutError; RangeError for a `timeoutMs` below 0
   */
  async ready(limits: Limits = {}): Promise<Session> {
    checkCall(limits);
    const { signal } = limits;
    // Waits only if there is something to wait for: a call made before `close()` belongs to the connection of that
    // time.
    if (this.#closing) await orAbort(connecting, this.#closing, limits);
    if (signal?.aborted && this.#current?.connected !== true) throw new AbortError(connecting, signal.reason);
    for (;;) {
      if (loaded && !this.#loading) this.#current ??= this.#start(loaded);
      const release = this.#lost ? keepProgram() : undefined;
      let current = this.#current;
      try {
        current ??= await orAbort(connecting, this.#load(), limits);
        const { session, ready, connected } = current;
        await (connected ? ready : keptAlive(session, () => orAbort(connecting, ready, limits)));
        return session;
      } catch (error) {
        // Another attempt is under way.
        const again = current !== undefined && this.#current !== undefined && this.#current !== current;
        if (again && error instanceof ConnectionLostError) continue;
        // Many calls may wait for one connection.
        throw copyError(error);
      } finally {
        release?.();
      }
    }
  }

  /**
   * Does something on the session, and keeps the program running meanwhile. The time in `options` starts here, so it
   * includes connecting.
   */
  async call<T>(options: CallOptions, work: (session: Session, limits: Limits) => Promise<T>): Promise<T> {
    checkCall(options);
    const { signal, timeoutMs } = options;
    const limits = { signal, timeoutMs, since: performance.now() };
    return await this.during(this.ready(limits).then((session) => keptAlive(session, () => work(session, limits))));
  }

  /** Waits for `work`. Until it is over this client is in use, whether or not the program still refers to it. */
  async during<T>(work: Promise<T>): Promise<T> {
    const use = { by: this };
    inUse.add(use);
    try {
      return await work;
    } finally {
      inUse.delete(use);
    }
  }

  /**
   * Does something with the session before it receives anything: at once, or with the next one if there is none. The
   * result takes it back.
   */
  withSession(work: (session: Session) => void): () => void {
    if (this.#current) work(this.#current.session);
    else this.#awaiting.add(work);
    return () => void this.#awaiting.delete(work);
  }

  /** Says how a thread is resumed if the connection is lost; does nothing without a policy for that. */
  remember(threadId: string, reopen: Reopen): void {
    if (!this.#config.reconnect) return;
    keepNewest(this.#threads.set(threadId, reopen), reopened);
  }

  /** The thread is not resumed any more. */
  forget(threadId: string): void {
    this.#threads.delete(threadId);
  }

  /** The files that are staged for a session of this client; they go with `close()`. */
  async stagingOf(session: Session): Promise<Staging> {
    this.#staged.add(session);
    return await session.staging();
  }

  /**
   * For work that comes back to this client later: a call made before `close()` belongs to the connection of that time,
   * and must not start another engine. @returns throws TransportClosedError once the client was closed
   */
  untilClosed(): (action: string) => void {
    const ends = this.#ends;
    return (action) => {
      if (ends !== this.#ends) throw new TransportClosedError('the client was closed', { action });
    };
  }

  /** What the engine reported about itself, if connected. */
  get metadata(): InitializeMetadata | undefined {
    return this.#current?.session.metadata;
  }

  /** See `Thread.tools`. */
  toolsOf(threadId: string): ThreadToolsReport | undefined {
    return this.#current?.session.broker.tools?.reportOf(threadId);
  }

  /** See `Thread.approvalsReviewer`. */
  reviewerOf(threadId: string): ApprovalsReviewer | undefined {
    return this.#current?.session.broker.reviewerOf(threadId);
  }

  /** Whether the client's own `approvals` make the user the reviewer of its threads. */
  get hasApprovals(): boolean {
    return this.#config.approvals !== undefined;
  }

  /** MCP servers of every thread of the client. */
  get mcpServers(): McpServers | undefined {
    return this.#config.mcpServers;
  }

  /** See `EngineClient.droppedNotifications`. */
  get droppedNotifications(): number {
    return this.#current?.session.feed.dropped ?? 0;
  }

  /** Ends the connection, even one that is being made. You may call it twice; it never rejects. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#loading = undefined;
    this.#current = undefined;
    this.#lost = undefined;
    this.#vain = 0;
    this.#ends += 1;
    this.#threads.clear();
    if (current) {
      const done = this.#end(current);
      this.#closing = done;
      void done.then(() => {
        if (this.#closing === done) this.#closing = undefined;
      });
    }
    await this.#closing;
  }

  async #end({ session, ready }: Current): Promise<void> {
    dropped.unregister(session);
    await session.close();
    await ready.catch(() => {});
    await Promise.all([...this.#staged].map((one) => one.unstage()));
    this.#staged.clear();
  }

  /** Starts once what is needed for it is there, unless `close()` was called meanwhile. */
  #load(): Promise<Current> {
    if (this.#loading) return this.#loading;
    const assertOpen = this.untilClosed();
    const work = async () => {
      try {
        loaded ??= await import('./session.ts');
        assertOpen(connecting);
        this.#current = this.#start(loaded);
        return this.#current;
      } finally {
        if (this.#loading === loading) this.#loading = undefined;
      }
    };
    const loading = work();
    this.#loading = loading;
    return loading;
  }

  #start({ Session }: typeof import('./session.ts')): Current {
    const { transport, reconnect } = this.#config;
    const lost = this.#lost;
    const again =
      lost && transport && reconnect ? new ReconnectingTransport(transport, reconnect, this.#vain) : undefined;
    const config = again ? { ...this.#config, transport: () => again } : this.#config;
    // In the context of the client's making, not in that of whichever call comes first: it is everybody's connection.
    const session = this.#context(() => new Session(config, this.#context));
    for (const work of this.#awaiting) work(session);
    this.#awaiting.clear();
    const open = async () => {
      await session.initialize();
      current.connected = !again;
      if (!again || !reconnect || !lost) return;
      const threads = await this.#reopenAll(session, lost);
      this.#lost = undefined;
      this.#vain = 0;
      current.connected = true;
      report(reconnect, { lost, attempts: again.attempts, threads });
    };
    const current: Current = { session, ready: Promise.resolve(), connected: false, again };
    if (reconnect) session.onFailure = toClient(new WeakRef(this), current);
    current.ready = this.#context(open);
    current.ready.catch(() => {
      if (this.#current === current) this.#current = undefined;
      dropped.unregister(session);
    });
    dropped.register(this, session, session);
    return current;
  }

  /** Makes a lost connection again, if the policy says so. */
  onFailure(current: Current, cause: Error): void {
    const { reconnect } = this.#config;
    if (!reconnect || this.#current !== current || !(cause instanceof ConnectionLostError)) return;
    const { attempts = 5 } = reconnect;
    // One that was made again, and did not last until its threads were resumed, was tried in vain.
    if (!current.connected) this.#vain = current.again?.attempts ?? 0;
    if (!current.connected && (!this.#lost || this.#vain >= attempts)) return;
    this.#lost ??= cause;
    dropped.unregister(current.session);
    if (loaded) this.#current = this.#start(loaded);
  }

  async #reopenAll(session: Session, { address }: ConnectionLostError): Promise<ReopenedThread[]> {
    return await Promise.all(
      [...this.#threads].map(async ([threadId, reopen]): Promise<ReopenedThread> => {
        try {
          return { threadId, turnId: await reopen(session), error: undefined };
        } catch (error) {
          if (error instanceof ConnectionLostError) throw error;
          const reason = error instanceof Error ? error.message : String(error);
          const how = `thread ${threadId} could not be resumed on the new one, so its events do not come: ${reason}`;
          session.unopened.set(threadId, new ConnectionLostError(address, how, { cause: error }));
          return { threadId, turnId: undefined, error: error as Error };
        }
      }),
    );
  }
}
