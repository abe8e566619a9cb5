import { startDeadline } from '../host/deadline.ts';
import { warn } from '../host/warn.ts';
import type { JsonObject, McpServerStatus } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import { endedCall, type McpEvent } from './events.ts';
import type { RestartPolicy } from './restart.ts';

/** What a supervisor needs of its connection. */
export interface SupervisedConnection {
  /** Reports what it has found, or does. */
  tell(event: McpEvent): void;
  request(method: string, params: object | undefined): Promise<JsonObject>;
}

/**
 * `new`: not known to run yet. `up`: it runs. `waiting`: its start waits for its time. `starting`: the engine was asked.
 * `down`: it stays so.
 */
type State = 'new' | 'up' | 'waiting' | 'starting' | 'down';

interface Server {
  readonly policy: RestartPolicy;
  state: State;
  /** Starts in a row. */
  attempts: number;
  stopTimer: () => void;
}

interface SupervisedThread {
  readonly servers: Map<string, Server>;
  /** Undefined while nobody asks; otherwise whether to ask once more. */
  asking: boolean | undefined;
  /** How often it is asked, in milliseconds; 0 for never. */
  readonly every: number;
  stopPolling: () => void;
}

const longestBackoffMs = 60_000;
const keptEarly = 100;

/** Ends a thread in the engine: nothing of its servers is left. */
const ends = ['thread/closed', 'thread/deleted', 'thread/archived'];

/**
 * Watches MCP servers that the engine has started. The engine does not tell when one of them ends; it says so when asked,
 * and starts those that have ended anew when it reloads the servers. Servers that run, and their calls, are left alone.
 */
export class McpSupervisor {
  readonly #connection: SupervisedConnection;
  readonly #threads = new Map<string, SupervisedThread>();
  /** How the starts of servers ended that were told before the thread was known here. */
  readonly #early = new Map<string, Map<string, State>>();

  constructor(connection: SupervisedConnection) {
    this.#connection = connection;
  }

  /** Watches servers of a thread, in place of those that it has watched there. */
  watch(threadId: string, policies: ReadonlyMap<string, RestartPolicy>): void {
    const early = this.#early.get(threadId);
    this.#forget(threadId);
    const servers = [...policies].map(([name, policy]): [string, Server] => [
      name,
      { policy, state: early?.get(name) ?? 'new', attempts: 0, stopTimer: () => {} },
    ]);
    const intervals = [...policies.values()].map(({ checkEveryMs }) => checkEveryMs).filter((ms) => ms > 0);
    const every = intervals.length === 0 ? 0 : Math.min(...intervals);
    const thread: SupervisedThread = { servers: new Map(servers), asking: undefined, every, stopPolling: () => {} };
    this.#threads.set(threadId, thread);
    this.#poll(threadId, thread);
  }

  see(method: string, payload: JsonObject, event: McpEvent | undefined): void {
    const { threadId } = payload;
    if (typeof threadId !== 'string') return;
    const thread = this.#threads.get(threadId);
    if (!thread) {
      if (event?.type === 'ready' || event?.type === 'failed') this.#note(threadId, event.server, event.type);
      return;
    }
    if (ends.includes(method)) this.#forget(threadId);
    if (method === 'turn/started' && thread.every > 0) void this.#check(threadId);
    const call = endedCall(method, payload);
    const called = call && thread.servers.get(call.server);
    if (called && !call.failed) called.attempts = 0;
    if (called && call.failed) void this.#check(threadId);
    if (event?.type === 'ready') this.#isUp(thread.servers.get(event.server));
    if (event?.type === 'failed') this.#hasFailed(threadId, event.server);
  }

  /** A call has failed: asks the engine how the servers are. */
  suspect(threadId: string): void {
    void this.#check(threadId);
  }

  close(): void {
    for (const threadId of [...this.#threads.keys()]) this.#forget(threadId);
  }

  #note(threadId: string, server: string, told: 'ready' | 'failed'): void {
    const states = this.#early.get(threadId) ?? new Map<string, State>();
    keepNewest(this.#early.set(threadId, states.set(server, told === 'ready' ? 'up' : 'down')), keptEarly);
  }

  #forget(threadId: string): void {
    this.#early.delete(threadId);
    const thread = this.#threads.get(threadId);
    this.#threads.delete(threadId);
    thread?.stopPolling();
    for (const server of thread?.servers.values() ?? []) server.stopTimer();
  }

  #poll(threadId: string, thread: SupervisedThread): void {
    if (thread.every === 0) return;
    thread.stopPolling = startDeadline(thread.every, undefined, () => {
      void this.#check(threadId);
      this.#poll(threadId, thread);
    });
  }

  #isUp(server: Server | undefined): void {
    if (!server) return;
    server.stopTimer();
    server.state = 'up';
  }

  /** A failure of its first start is told as such, and is not a crash. */
  #hasFailed(threadId: string, name: string): void {
    const server = this.#threads.get(threadId)?.servers.get(name);
    if (server?.state === 'starting') this.#startLater(threadId, name, server);
    else if (server?.state === 'new') server.state = 'down';
  }

  async #check(threadId: string): Promise<void> {
    const thread = this.#threads.get(threadId);
    if (!thread) return;
    if (thread.asking !== undefined) {
      thread.asking = true;
      return;
    }
    do {
      thread.asking = false;
      try {
        await this.#compare(threadId, thread);
      } catch {
        // The thread or the engine is gone, or the engine does not know the request: there is nobody to watch.
        this.#forget(threadId);
      }
    } while (thread.asking);
    thread.asking = undefined;
  }

  async #compare(threadId: string, thread: SupervisedThread): Promise<void> {
    const had = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const params = { threadId, detail: 'toolsAndAuthOnly', ...(cursor !== undefined && { cursor }) };
      const { data, nextCursor } = await this.#connection.request('mcpServerStatus/list', params);
      if (this.#threads.get(threadId) !== thread) return;
      for (const one of Array.isArray(data) ? data : [])
        if (isObject(one)) this.#learn(threadId, thread, one as Partial<McpServerStatus>);
      if (typeof nextCursor !== 'string' || had.has(nextCursor)) return;
      had.add(nextCursor);
      cursor = nextCursor;
    }
  }

  #learn(
    threadId: string,
    { servers }: SupervisedThread,
    { name = '', runtimeStatus }: Partial<McpServerStatus>,
  ): void {
    const server = servers.get(name);
    if (!server) return;
    if (runtimeStatus === 'connected') this.#isUp(server);
    // One that was there before this client looked has crashed too: a start that fails is told.
    if (runtimeStatus !== 'failed' || (server.state !== 'up' && server.state !== 'new')) return;
    this.#connection.tell({ type: 'crashed', server: name, threadId });
    if (server.policy.max > 0) this.#startLater(threadId, name, server);
    else server.state = 'down';
  }

  #startLater(threadId: string, name: string, server: Server): void {
    const { max, backoffMs } = server.policy;
    if (server.attempts >= max) {
      server.state = 'down';
      this.#connection.tell({ type: 'givenUp', server: name, threadId, attempts: server.attempts });
      warnOfGivenUp(threadId, name, server.attempts);
      return;
    }
    server.attempts += 1;
    const delayMs = Math.min(backoffMs * 2 ** (server.attempts - 1), longestBackoffMs);
    server.state = 'waiting';
    this.#connection.tell({ type: 'restarting', server: name, threadId, attempt: server.attempts, delayMs });
    const start = () => {
      server.state = 'starting';
      // Starts all that have ended, and none that runs.
      this.#connection.request('config/mcpServer/reload', undefined).catch(() => this.#forget(threadId));
    };
    if (delayMs === 0) start();
    else server.stopTimer = startDeadline(delayMs, undefined, start);
  }
}

function warnOfGivenUp(threadId: string, name: string, attempts: number): void {
  const what = `the MCP server ${name} of thread ${threadId} has crashed after ${attempts} restarts in a row, and stays down`;
  warn('TWINPROOF_MCP', `${what}: calls of its tools fail.`);
}
