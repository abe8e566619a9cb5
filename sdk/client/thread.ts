import type { ThreadCompactStartResponse, ThreadReadResponse, ThreadSetNameResponse } from '../protocol/index.ts';
import type { CallOptions } from '../rpc/connection.ts';
import type { Codex } from './codex.ts';
import type { RunInput } from './inputs.ts';
import type { LazySession } from './lazy-session.ts';
import { TurnHandle } from './turn-handle.ts';
import { type TurnOptions, turnStartParams } from './turn-options.ts';
import type { TurnResult } from './turn-result.ts';

/** A conversation (Python: `Thread`, `AsyncThread`). It holds nothing but its id; made by the client's `thread…` methods. */
export class Thread {
  readonly id: string;
  readonly #codex: Codex;
  readonly #session: LazySession;

  constructor(codex: Codex, session: LazySession, id: string) {
    this.#codex = codex;
    this.#session = session;
    this.id = id;
  }

  /**
   * Runs a turn and returns what it came to: `turn()` and then `run()`.
   * @throws TurnFailedError when the turn failed; it carries the result so far
   */
  async run(input: RunInput, options: TurnOptions = {}): Promise<TurnResult> {
    const turn = await this.turn(input, options);
    return await turn.run({ signal: options.signal });
  }

  /**
   * Starts a turn, or joins the one that runs, and returns its handle (`turn/start`).
   * @throws TypeError, RangeError for input, sandbox or approval mode of a wrong kind; nothing is sent
   */
  async turn(input: RunInput, options: TurnOptions = {}): Promise<TurnHandle> {
    const params = turnStartParams(this.id, input, options);
    const session = await this.#session.ready(options.signal);
    const { turnId, subscription } = await session.startTurn(this.id, params, options);
    return new TurnHandle(this.#codex, this.id, turnId, subscription);
  }

  /**
   * A further handle on a turn of this thread. It gets the events from now on; earlier ones are not repeated. On a turn
   * that this client has seen end, the first read fails with `Turn is no longer streaming`.
   */
  async attach(turnId: string, options: { signal?: AbortSignal | undefined } = {}): Promise<TurnHandle> {
    const session = await this.#session.ready(options.signal);
    return new TurnHandle(this.#codex, this.id, turnId, session.turns.attach(turnId, this.id));
  }

  /** The stored thread, with its history when `includeTurns` is true (`thread/read`). Ephemeral threads have none. */
  async read(options: CallOptions & { includeTurns?: boolean | undefined } = {}): Promise<ThreadReadResponse> {
    const { includeTurns = false, ...call } = options;
    return await this.#codex.request('thread/read', { threadId: this.id, includeTurns }, call);
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string, options: CallOptions = {}): Promise<ThreadSetNameResponse> {
    return await this.#codex.request('thread/name/set', { threadId: this.id, name }, options);
  }

  /** Starts to compact the conversation (`thread/compact/start`). */
  async compact(options: CallOptions = {}): Promise<ThreadCompactStartResponse> {
    return await this.#codex.request('thread/compact/start', { threadId: this.id }, options);
  }
}
