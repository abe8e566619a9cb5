import { AbortError } from '../errors/codex-error.ts';
import type {
  AgentMessageDeltaNotification,
  ReviewTarget,
  ThreadCompactStartResponse,
  ThreadItemEntry,
  ThreadMetadataUpdateResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  Turn,
} from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';
import { type GoalOptions, goalObjective, startGoal } from './goal-control.ts';
import { GoalHandle } from './goal-handle.ts';
import type { RunInput } from './inputs.ts';
import { interruptible } from './interruptible.ts';
import type { LazySession } from './lazy-session.ts';
import { pages } from './pages.ts';
import type { Requester } from './requester.ts';
import type { StartedTurn } from './session.ts';
import {
  type ItemListOptions,
  type ReviewOptions,
  type ThreadMetadata,
  type ThreadSettingsOptions,
  type TurnListOptions,
  threadSettingsParams,
} from './thread-life.ts';
import { TurnHandle } from './turn-handle.ts';
import { type TurnOptions, turnStartParams } from './turn-options.ts';
import type { TurnResult } from './turn-result.ts';
import { turnTexts } from './turn-stream.ts';
import { withoutUnset } from './unset.ts';

/** A conversation (Python: `Thread`, `AsyncThread`). It holds nothing but its id; made by the client's `thread…` methods. */
export class Thread {
  readonly id: string;
  readonly #requester: Requester;
  readonly #session: LazySession;

  constructor(requester: Requester, session: LazySession, id: string) {
    this.#requester = requester;
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
    const { turnId, subscription } = await this.#start(params, options);
    return new TurnHandle(this.#requester, this.id, turnId, subscription);
  }

  /**
   * Starts a turn and yields the agent's texts as they come (Python's low-level `stream_text`): `delta` of each is the new piece. As in Python the
   * turn is started when the first piece is asked for; other calls go on between the pieces. A failed turn ends the texts like any other.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * for await (const { delta } of thread.streamText('Describe this project.')) process.stdout.write(delta);
   * ```
   */
  streamText(input: RunInput, options: TurnOptions = {}): AsyncGenerator<AgentMessageDeltaNotification, void, void> {
    const params = turnStartParams(this.id, input, options);
    return interruptible(options.signal, (signal) => this.#texts(params, { ...options, signal }));
  }

  async *#texts(params: object, options: CallOptions): AsyncGenerator<AgentMessageDeltaNotification, void, void> {
    const { subscription } = await this.#start(params, options);
    yield* turnTexts(subscription, options.signal);
  }

  /**
   * Starts a review of changes and returns the handle of its turn (`review/start`). Its `threadId` is the thread that the review runs on, this
   * one unless `delivery` says otherwise.
   */
  async review(target: ReviewTarget, options: ReviewOptions = {}): Promise<TurnHandle> {
    const { delivery } = options;
    const params = { threadId: this.id, target, ...withoutUnset({ delivery }) };
    const { turnId, subscription, answer } = await this.#start(params, options, 'review/start');
    const reviewThreadId = typeof answer.reviewThreadId === 'string' ? answer.reviewThreadId : this.id;
    return new TurnHandle(this.#requester, reviewThreadId, turnId, subscription);
  }

  /**
   * Gives the thread a goal, which the engine works on by itself, in one turn after another, until it is reached, blocked, out of budget or stopped; the
   * handle shows all of them as one turn (`thread/goal/set`; in Python private). The thread must be idle and stored, and a former goal is cleared. Until
   * the goal is over no other turn can be started on the thread. An abort frees the caller; the goal, if it starts all the same, is paused and its
   * turn interrupted.
   * @throws TypeError, RangeError for an objective that is no text of 1 to 4000 characters; nothing is sent
   * @throws InvalidRequestError when the thread is busy or ephemeral, or the engine knows no goals
   * @throws CodexError when no turn starts within `startTimeoutMs`; the goal is paused then
   */
  async startGoal(objective: string, options: GoalOptions = {}): Promise<GoalHandle> {
    const text = goalObjective(objective);
    return await this.#session.call(options, async (session, limits) => {
      const operation = await startGoal(session, this.id, text, { ...options, ...limits });
      return new GoalHandle(this.#session, session, operation);
    });
  }

  /**
   * Works on a goal to its end and returns what all its turns came to: `startGoal()` and then `run()`. An abort pauses the goal and interrupts its turn.
   * @throws TurnFailedError when one of its turns failed; it carries the result so far
   * @throws what `startGoal()` throws
   */
  async runGoal(objective: string, options: GoalOptions = {}): Promise<TurnResult> {
    const goal = await this.startGoal(objective, options);
    return await goal.run({ signal: options.signal });
  }

  /**
   * A further handle on a turn of this thread. It gets the events from now on; earlier ones are not repeated. On a turn
   * that this client has seen end, the first read fails with `Turn is no longer streaming`.
   * @throws AbortError when `signal` fires, or has fired, before the handle is there
   */
  async attach(turnId: string, options: { signal?: AbortSignal | undefined } = {}): Promise<TurnHandle> {
    const { signal } = options;
    const session = await this.#session.ready({ signal });
    if (signal?.aborted) throw new AbortError(`attaching to turn ${turnId}`, signal.reason);
    return new TurnHandle(this.#requester, this.id, turnId, session.turns.attach(turnId, this.id).keep(this.#session));
  }

  async #start(params: object, options: CallOptions, method?: 'review/start'): Promise<StartedTurn> {
    const started = await this.#session.call(options, (session, limits) => {
      return session.startTurn(this.id, params, limits, method);
    });
    started.subscription.keep(this.#session);
    return started;
  }

  /** The stored thread, with its history when `includeTurns` is true (`thread/read`). Ephemeral threads have none. */
  async read(options: CallOptions & { includeTurns?: boolean | undefined } = {}): Promise<ThreadReadResponse> {
    const { includeTurns = false, ...call } = options;
    return await this.#requester.request('thread/read', { threadId: this.id, includeTurns }, call);
  }

  /** The thread's turns as they are stored (`thread/turns/list`), page after page; `limit` is the size of a page. */
  turns(options: TurnListOptions = {}): AsyncGenerator<Turn, void, void> {
    const { itemsView, limit, sortDirection, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, itemsView, limit, sortDirection });
      return this.#requester.request('thread/turns/list', { threadId: this.id, ...params }, call);
    });
  }

  /** The items of all turns, or of `turnId`, as they are stored (`thread/items/list`), page after page. */
  items(options: ItemListOptions = {}): AsyncGenerator<ThreadItemEntry, void, void> {
    const { turnId, limit, sortDirection, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, turnId, limit, sortDirection });
      return this.#requester.request('thread/items/list', { threadId: this.id, ...params }, call);
    });
  }

  /** Takes back a turn and all after it (`thread/revert`). Files that they changed stay as they are. */
  async revert(beforeTurnId: string, options: CallOptions = {}): Promise<ThreadRevertResponse> {
    return await this.#requester.request('thread/revert', { threadId: this.id, beforeTurnId }, options);
  }

  /**
   * Changes settings of the thread from its next turn on (`thread/settings/update`, experimental). What is unset stays. The engine tells the
   * whole of the new settings by the notification `thread/settings/updated`.
   */
  async updateSettings(options: ThreadSettingsOptions): Promise<void> {
    await this.#requester.request('thread/settings/update', threadSettingsParams(this.id, options), options);
  }

  /** Changes what is stored about the thread (`thread/metadata/update`). An unset field stays; null takes it away. */
  async updateMetadata(metadata: ThreadMetadata, options: CallOptions = {}): Promise<ThreadMetadataUpdateResponse> {
    return await this.#requester.request('thread/metadata/update', { threadId: this.id, ...metadata }, options);
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string, options: CallOptions = {}): Promise<ThreadSetNameResponse> {
    return await this.#requester.request('thread/name/set', { threadId: this.id, name }, options);
  }

  /** Starts to compact the conversation (`thread/compact/start`). */
  async compact(options: CallOptions = {}): Promise<ThreadCompactStartResponse> {
    return await this.#requester.request('thread/compact/start', { threadId: this.id }, options);
  }
}
