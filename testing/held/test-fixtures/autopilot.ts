import { TransportClosedError } from '../../../sdk/errors/connection-errors.ts';
import type { CodexConfig } from '../../../sdk/index.ts';
import type { TransportEvents } from '../../../sdk/transport/transport.ts';

interface Request {
  id?: string;
  method?: string;
  params?: Record<string, unknown>;
}
type Params = Record<string, unknown>;

/**
 * What the engine does with requests: answers them, and a turn runs to its end, or stays open; refuses them; or says
 * nothing until it is told to catch up.
 */
export type Mode = 'answers' | 'leaves turns open' | 'refuses' | 'is silent';

/** An engine within this process that needs no script: it answers whatever it is asked. */
export class Autopilot {
  mode: Mode = 'answers';
  readonly #home: string;
  #events: TransportEvents | undefined;
  #held: Request[] = [];
  #turns = 0;
  #logins = 0;
  /** The running turn of each thread. */
  readonly #running = new Map<string, string>();
  /** The thread of each turn that belongs to a goal. */
  readonly #goals = new Set<string>();
  #heard = () => {};

  /** @param home where it says that its files are */
  constructor(home: string) {
    this.#home = home;
  }

  readonly config: CodexConfig = {
    transport: () => ({
      open: async (events) => {
        this.#events = events;
      },
      send: (line) => this.#hear(JSON.parse(line) as Request),
      close: async () => this.die(),
      setKeepsAlive: () => {},
    }),
  };

  /** The client has ended the connection, or it died. */
  get isClosed(): boolean {
    return this.#events === undefined;
  }

  /** Resolves with the next request that it does not answer at once. */
  async silence(): Promise<void> {
    if (this.#held.length === 0)
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
  }

  /** Answers what it was asked while it was silent. */
  catchUp(): void {
    this.mode = 'answers';
    for (const request of this.#held.splice(0)) this.#hear(request);
  }

  die(): void {
    const events = this.#events;
    this.#events = undefined;
    events?.onClosed(new TransportClosedError('Codex process closed stdout. stderr_tail='));
  }

  notify(method: string, params: Params): void {
    this.#send({ method, params });
  }

  /** An event of the running turn of a thread, if there is one. */
  tell(threadId: string): void {
    const turnId = this.#running.get(threadId);
    if (turnId !== undefined)
      this.notify('item/completed', {
        threadId,
        turnId,
        item: { type: 'agentMessage', id: `more of ${turnId}`, text: '' },
      });
  }

  /** Ends the running turn of a thread. */
  completeTurn(threadId: string, status = 'completed'): void {
    const id = this.#running.get(threadId);
    if (id === undefined) return;
    this.#running.delete(threadId);
    const item = { type: 'agentMessage', id: `item of ${id}`, text: 'done' };
    this.notify('item/completed', { threadId, turnId: id, item });
    const error = status === 'failed' ? { message: 'it failed' } : null;
    this.notify('turn/completed', { threadId, turn: { id, items: [], status, error } });
  }

  /** Ends the goal of a thread, with its turn. */
  completeGoal(threadId: string): void {
    if (!this.#goals.delete(threadId)) return;
    this.notify('thread/goal/updated', { threadId, turnId: null, goal: { status: 'complete' } });
    this.completeTurn(threadId);
  }

  #send(message: object): void {
    this.#events?.onLine({ text: JSON.stringify(message), terminated: true });
  }

  #hear(request: Request): void {
    const { id, method, params = {} } = request;
    if (id === undefined || method === undefined) return;
    if (this.mode === 'is silent') {
      this.#held.push(request);
      this.#heard();
      return;
    }
    // As from another process: never within the call.
    queueMicrotask(() => {
      if (this.mode === 'refuses') this.#send({ id, error: { code: -32600, message: 'refused' } });
      else this.#answer(id, method, params);
    });
  }

  #answer(id: string, method: string, params: Params): void {
    const threadId = String(params['threadId'] ?? 'new');
    const starts = method === 'turn/start' || method === 'review/start';
    const turn = starts ? { id: this.#startTurn(threadId, false), items: [] } : undefined;
    this.#send({ id, result: turn ? { turn } : this.#resultOf(method, threadId, params) });
    if (turn) {
      this.notify('turn/started', { threadId, turn });
      if (this.mode === 'answers') this.completeTurn(threadId);
    } else if (method === 'turn/interrupt') this.completeTurn(threadId, 'interrupted');
    else if (method === 'thread/compact/start') this.#compact(threadId);
    else if (method === 'thread/goal/clear') this.notify('thread/goal/cleared', { threadId });
    else if (method === 'thread/goal/set') this.#setGoal(threadId, params['status']);
  }

  #resultOf(method: string, threadId: string, params: Params): object {
    switch (method) {
      case 'initialize':
        return { userAgent: 'engine/0.171.0', codexHome: this.#home, platformFamily: 'unix' };
      case 'thread/start':
      case 'thread/resume':
      case 'thread/fork':
      case 'thread/unarchive':
        return { thread: { id: threadId } };
      case 'thread/read':
        return { thread: { id: threadId, status: { type: 'idle' }, ephemeral: false, path: '/r' } };
      case 'turn/steer':
        return { turnId: params['expectedTurnId'] };
      case 'account/login/start':
        this.#logins += 1;
        return {
          type: params['type'],
          loginId: `login ${this.#logins}`,
          ...{ authUrl: 'u', verificationUrl: 'u', userCode: 'c' },
        };
      case 'mcpServer/oauth/login':
        return { authorizationUrl: 'u' };
      default:
        return /\/list$/.test(method) ? { data: [{ id: 'x' }], nextCursor: null } : {};
    }
  }

  #compact(threadId: string): void {
    const turnId = this.#startTurn(threadId);
    this.notify('item/started', { threadId, turnId, item: { type: 'contextCompaction', id: 'c' } });
    this.completeTurn(threadId);
  }

  #setGoal(threadId: string, status: unknown): void {
    this.notify('thread/goal/updated', { threadId, turnId: null, goal: { status } });
    if (status !== 'active') return;
    this.#goals.add(threadId);
    this.#startTurn(threadId);
    if (this.mode === 'answers') this.completeGoal(threadId);
  }

  #startTurn(threadId: string, tell = true): string {
    this.#turns += 1;
    const id = `turn ${this.#turns}`;
    this.#running.set(threadId, id);
    if (tell) this.notify('turn/started', { threadId, turn: { id, items: [], startedAt: 1 } });
    return id;
  }
}
