import { type ApprovalOptions, approvalOptions } from '../approvals/options.ts';
import { showCallers } from '../errors/callers-line.ts';
import { AbortError } from '../errors/codex-error.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import { checkArgument, checkOptions, flag, object } from '../options/check-options.ts';
import { type AnySchema, checkOutputOptions, type OutputOf } from '../output/output-options.ts';
import type {
  AgentMessageDeltaNotification,
  ApprovalsReviewer,
  ReviewTarget,
  ThreadAttachment,
  ThreadAttachmentAddResponse,
  ThreadAttachmentRemoveResponse,
  ThreadCompactStartResponse,
  ThreadItemEntry,
  ThreadMetadataUpdateResponse,
  ThreadReadResponse,
  ThreadRevertResponse,
  ThreadSetNameResponse,
  Turn,
} from '../protocol/index.ts';
import { type EventSource, eventStream } from '../rpc/event-stream.ts';
import { type CallOptions, callRules, signalRules } from '../rpc/limits.ts';
import type { ThreadToolsReport } from '../tools/thread-tools.ts';
import { type AutoRunOptions, type AutoRunResult, autoRunRules, checkAutoRun } from './auto-run/options.ts';
import { type CompactOptions, compactAndWait, compactRules } from './compaction.ts';
import { type GoalOptions, goalObjective, goalRules, startGoal } from './goal-control.ts';
import { GoalHandle } from './goal-handle.ts';
import { runsOn } from './ids-in-answers.ts';
import type { RunInput } from './inputs.ts';
import type { LazySession } from './lazy-session.ts';
import { pages } from './pages.ts';
import type { Requester } from './requester.ts';
import type { StartedTurn } from './session.ts';
import { type Answer, typedTurn, withoutOutput } from './structured-output.ts';
import {
  type AttachmentListOptions,
  attachmentKeyRules,
  attachmentListRules,
  type NewThreadAttachment,
  type ThreadAttachmentKey,
} from './thread-attachments.ts';
import {
  type ItemListOptions,
  itemListRules,
  metadataRules,
  type ReviewOptions,
  reviewRules,
  settingsRules,
  type ThreadMetadata,
  type ThreadSettingsOptions,
  type TurnListOptions,
  threadSettingsParams,
  turnListRules,
} from './thread-life.ts';
import { TurnHandle } from './turn-handle.ts';
import { type TurnOptions, turnRules, turnStartParams } from './turn-options.ts';
import type { TurnResult } from './turn-result.ts';
import type { StopOptions, TurnStops } from './turn-stops.ts';
import { turnTexts } from './turn-stream.ts';
import { withoutUnset } from './unset.ts';

const state = hiddenState<{ requester: Requester; session: LazySession }>('Thread');

/**
 * A conversation (Python: `Thread`, `AsyncThread`). It holds nothing but its id. The client's `thread…` methods create
 * it.
 */
export class Thread {
  readonly id: string;

  constructor(requester: Requester, session: LazySession, id: string) {
    state.set(this, { requester, session });
    this.id = id;
  }

  /**
   * Which of the thread's tools have a function of this program behind them. Undefined if the thread was given none on
   * this connection.
   */
  get tools(): ThreadToolsReport | undefined {
    return state.of(this).session.toolsOf(this.id);
  }

  /**
   * Who reviews what the agent asks for beyond its sandbox, as the engine last said: `user` is your program, `auto_review` the engine's own reviewer.
   * With `user` and no `approvals`, everything is declined. Undefined if the engine has not said, or the connection is gone.
   */
  get approvalsReviewer(): ApprovalsReviewer | undefined {
    return state.of(this).session.reviewerOf(this.id);
  }

  /**
   * Runs a turn and returns its result: `turn()`, then `run()`.
   * @throws TurnFailedError if the turn failed; it carries the result so far
   * @throws StructuredOutputError if the answer does not fit `output`; it carries the result and what is wrong
   */
  async run<S extends AnySchema = undefined>(
    input: RunInput,
    options: TurnOptions<S> = {},
  ): Promise<TurnResult<OutputOf<S>>> {
    checkTurn('Thread.run', options);
    const { turn, stopped } = await startTurn(this, input, options);
    try {
      return await turn.run({ signal: options.signal });
    } finally {
      await stopped();
    }
  }

  /**
   * Starts a turn, or joins the running one, and returns its handle (`turn/start`).
   * @throws TypeError, RangeError for invalid input, sandbox, approval mode or output schema; nothing is sent
   */
  async turn<S extends AnySchema = undefined>(
    input: RunInput,
    options: TurnOptions<S> = {},
  ): Promise<TurnHandle<OutputOf<S>>> {
    checkTurn('Thread.turn', options);
    return (await startTurn(this, input, options)).turn;
  }

  /**
   * Starts a turn and yields the agent's text as it arrives; `delta` is the new piece (Python's low-level
   * `stream_text`). A message that comes without deltas is one piece. As in Python, the turn starts when you ask for the
   * first piece, and other calls can run between the pieces. Unlike Python's, it throws at the end if the turn failed,
   * and returns the result, which a `for await` loop ignores: `const text = thread.streamText(…)`, then `await
   * text.next()` until `done`.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * for await (const { delta } of thread.streamText('Describe this project.')) process.stdout.write(delta);
   * ```
   * @throws TurnFailedError after the last piece, if the turn failed; it carries the result so far
   * @throws StructuredOutputError after the last piece, if the answer does not fit `output`
   */
  streamText<S extends AnySchema = undefined>(
    input: RunInput,
    options: TurnOptions<S> = {},
  ): AsyncGenerator<AgentMessageDeltaNotification, TurnResult<OutputOf<S>>, void> {
    checkTurn('Thread.streamText', options);
    const params = turnStartParams(this.id, input, options);
    return eventStream((signal) => texts(this, params, options, signal), {
      action: 'reading the text of a turn',
      signal: options.signal,
    });
  }

  /**
   * Runs turns until they are judged to be enough (`until`), or the answer fits (`output`), or a limit is reached. Reaching a limit is a normal end:
   * `stoppedBy` says which. The result, also as JSON in another process, continues the run as `resume`.
   * ```ts
   * import { Codex, commandSucceeds, Sandbox } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart({ sandbox: Sandbox.workspaceWrite });
   * const { stoppedBy, turns, usage } = await thread.autoRun({
   *   input: 'Make the tests pass.',
   *   until: commandSucceeds('npm', ['test']),
   *   maxTurns: 3,
   *   maxTokens: 200_000,
   * });
   * console.log(stoppedBy, turns.length, usage.totalTokens);
   * ```
   * @throws TypeError, RangeError for invalid options or input; nothing is sent
   * @throws AutoRunError if a turn failed, or `until` or `onTurn` threw; it carries the result so far
   * @throws AutoRunAbortError if `signal` fires, once the running turn has ended; it carries the result so far
   */
  async autoRun<S extends AnySchema = undefined>(options: AutoRunOptions<S>): Promise<AutoRunResult<OutputOf<S>>> {
    checkArgument('options', options, object);
    checkOptions('Thread.autoRun', options, autoRunRules);
    checkAutoRun(this.id, options as AutoRunOptions);
    const turns = untilClosed(this);
    const { autoRun } = await import('./auto-run/auto-run.ts');
    return (await autoRun(turns, options as AutoRunOptions)) as AutoRunResult<OutputOf<S>>;
  }

  /**
   * Starts a review of changes and returns the handle of its turn (`review/start`). The handle's `threadId` is the
   * thread that the review runs on: this one, unless `delivery` says otherwise.
   */
  async review(target: ReviewTarget, options: ReviewOptions = {}): Promise<TurnHandle<undefined>> {
    checkArgument('target', target, object);
    checkOptions('Thread.review', options, reviewRules);
    const { delivery } = options;
    const params = { threadId: this.id, target, ...withoutUnset({ delivery }) };
    const started = await start(this, params, options, options.signal, 'review/start');
    return handleOf<undefined>(this, started);
  }

  /**
   * Gives the thread a goal. The engine works on it in one turn after another, until it is reached, blocked, out of
   * budget or stopped; the handle presents all of them as one turn (`thread/goal/set`; private in Python). The thread
   * must be idle and stored. A former goal is cleared. Until the goal is over, you cannot start another turn on the
   * thread. Aborting rejects the call; if the goal starts anyway, it is paused and its turn interrupted.
   * @throws TypeError, RangeError for an objective that is not a text of 1 to 4000 characters; nothing is sent
   * @throws InvalidRequestError if the thread is busy or ephemeral, or the engine does not support goals
   * @throws CodexError if no turn starts within `startTimeoutMs`; the goal is then paused
   */
  async startGoal(objective: string, options: GoalOptions = {}): Promise<GoalHandle> {
    checkOptions('Thread.startGoal', options, goalRules);
    const text = goalObjective(objective);
    const client = state.of(this).session;
    return await client.call(options, async (session, limits) => {
      const operation = await startGoal(session, this.id, text, { ...options, ...limits });
      return new GoalHandle(client, session, operation);
    });
  }

  /**
   * Works on a goal to its end and returns the combined result of its turns: `startGoal()`, then `run()`. An abort
   * pauses the goal and interrupts its turn.
   * @throws TurnFailedError if one of its turns failed; it carries the result so far
   * @throws what `startGoal()` throws
   */
  async runGoal(objective: string, options: GoalOptions = {}): Promise<TurnResult> {
    checkOptions('Thread.runGoal', options, goalRules);
    const goal = await this.startGoal(objective, options);
    return await goal.run({ signal: options.signal });
  }

  /**
   * Returns another handle for a turn of this thread. It receives events from now on; earlier ones are not repeated. If
   * this client has already seen the turn end, the first read fails with `Turn is no longer streaming`.
   * @throws AbortError if `signal` fires, or has fired, before the handle exists
   */
  async attach(turnId: string, options: { signal?: AbortSignal | undefined } = {}): Promise<TurnHandle<undefined>> {
    checkArgument('turnId', turnId);
    checkOptions('Thread.attach', options, signalRules);
    const { signal } = options;
    const { requester, session: client } = state.of(this);
    const session = await client.ready({ signal });
    if (signal?.aborted) throw new AbortError(`attaching to turn ${turnId}`, signal.reason);
    const subscription = session.turns.attach(turnId, this.id).keep(client);
    const { broker, stops } = session;
    const denials = broker.denialsOf(turnId, stops.hasEnded(turnId));
    return new TurnHandle(requester, this.id, turnId, subscription, denials, stops);
  }

  /**
   * Returns the stored thread, with its history if `includeTurns` is true (`thread/read`). Ephemeral threads have none.
   */
  async read(options: CallOptions & { includeTurns?: boolean | undefined } = {}): Promise<ThreadReadResponse> {
    checkOptions('Thread.read', options, { ...callRules, includeTurns: flag });
    const { includeTurns = false, ...call } = options;
    return await state.of(this).requester.request('thread/read', { threadId: this.id, includeTurns }, call);
  }

  /**
   * Iterates over the thread's stored turns (`thread/turns/list`) and fetches pages as needed; `limit` is the page
   * size.
   */
  turns(options: TurnListOptions = {}): AsyncGenerator<Turn, void, void> {
    checkOptions('Thread.turns', options, turnListRules);
    const { itemsView, limit, sortDirection, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, itemsView, limit, sortDirection });
      return state.of(this).requester.request('thread/turns/list', { threadId: this.id, ...params }, call);
    });
  }

  /** Iterates over the stored items of all turns, or of `turnId` (`thread/items/list`), and fetches pages as needed. */
  items(options: ItemListOptions = {}): AsyncGenerator<ThreadItemEntry, void, void> {
    checkOptions('Thread.items', options, itemListRules);
    const { turnId, limit, sortDirection, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, turnId, limit, sortDirection });
      return state.of(this).requester.request('thread/items/list', { threadId: this.id, ...params }, call);
    });
  }

  /**
   * Stores something with the thread, such as what a program keeps about it (`thread/attachment/add`). `outcome` says
   * whether it is new; of one that the thread has already, nothing is changed. The model is not shown it.
   */
  async addAttachment(
    attachment: NewThreadAttachment,
    options: CallOptions = {},
  ): Promise<ThreadAttachmentAddResponse> {
    checkArgument('attachment', attachment, object);
    checkOptions('Thread.addAttachment', attachment, attachmentKeyRules);
    checkOptions('Thread.addAttachment', options, callRules);
    const { attachmentType, identityKey, payload } = attachment;
    const params = { threadId: this.id, attachmentType, identityKey, payload };
    return await state.of(this).requester.request('thread/attachment/add', params, options);
  }

  /** Iterates over what is stored with the thread (`thread/attachment/list`), and fetches pages as needed. */
  attachments(options: AttachmentListOptions = {}): AsyncGenerator<ThreadAttachment, void, void> {
    checkOptions('Thread.attachments', options, attachmentListRules);
    const { limit, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = withoutUnset({ cursor, limit });
      return state.of(this).requester.request('thread/attachment/list', { threadId: this.id, ...params }, call);
    });
  }

  /** Removes what is stored with the thread under this key (`thread/attachment/remove`). */
  async removeAttachment(key: ThreadAttachmentKey, options: CallOptions = {}): Promise<ThreadAttachmentRemoveResponse> {
    checkArgument('key', key, object);
    checkOptions('Thread.removeAttachment', key, attachmentKeyRules);
    checkOptions('Thread.removeAttachment', options, callRules);
    const { attachmentType, identityKey } = key;
    const params = { threadId: this.id, attachmentType, identityKey };
    return await state.of(this).requester.request('thread/attachment/remove', params, options);
  }

  /** Reverts a turn and everything after it (`thread/revert`). Files that they changed stay as they are. */
  async revert(beforeTurnId: string, options: CallOptions = {}): Promise<ThreadRevertResponse> {
    checkArgument('beforeTurnId', beforeTurnId);
    checkOptions('Thread.revert', options, callRules);
    return await state.of(this).requester.request('thread/revert', { threadId: this.id, beforeTurnId }, options);
  }

  /**
   * Changes settings of the thread from its next turn on (`thread/settings/update`, experimental). Settings that you
   * leave out stay unchanged. The engine reports the complete new settings as the notification
   * `thread/settings/updated`.
   */
  async updateSettings(options: ThreadSettingsOptions): Promise<void> {
    checkArgument('options', options, object);
    checkOptions('Thread.updateSettings', options, settingsRules);
    await state.of(this).requester.request('thread/settings/update', threadSettingsParams(this.id, options), options);
  }

  /**
   * Changes what is stored about the thread (`thread/metadata/update`). A field that you leave out stays; null removes
   * it.
   */
  async updateMetadata(metadata: ThreadMetadata, options: CallOptions = {}): Promise<ThreadMetadataUpdateResponse> {
    checkArgument('metadata', metadata, object);
    checkOptions('Thread.updateMetadata', metadata, metadataRules);
    checkOptions('Thread.updateMetadata', options, callRules);
    const { requester } = state.of(this);
    return await requester.request('thread/metadata/update', { threadId: this.id, ...metadata }, options);
  }

  /** Names the thread (`thread/name/set`). */
  async setName(name: string, options: CallOptions = {}): Promise<ThreadSetNameResponse> {
    checkArgument('name', name);
    checkOptions('Thread.setName', options, callRules);
    return await state.of(this).requester.request('thread/name/set', { threadId: this.id, name }, options);
  }

  /**
   * Compacts the conversation (`thread/compact/start`). Resolves when the engine has begun, as in Python. With `wait`, it
   * resolves at the compaction's end with the result of its turn, whose `usage` tells what is left of the context. The
   * engine interrupts a turn that is running. `timeoutMs` limits the begin alone.
   * @throws TurnFailedError with `wait`, if the compaction failed
   * @throws AbortError if `signal` fires; the compaction continues
   */
  async compact(options: CompactOptions & { wait: true }): Promise<TurnResult>;
  async compact(options?: CompactOptions & { wait?: false | undefined }): Promise<ThreadCompactStartResponse>;
  async compact(options: CompactOptions = {}): Promise<ThreadCompactStartResponse | TurnResult> {
    checkOptions('Thread.compact', options, compactRules);
    const { wait = false, ...call } = options;
    const { requester, session: client } = state.of(this);
    if (!wait) return await requester.request('thread/compact/start', { threadId: this.id }, call);
    return await client.call(call, (session, limits) => compactAndWait(session, this.id, limits));
  }
}

showCallers(Thread.prototype);

function checkTurn(call: string, options: TurnOptions): void {
  checkOptions(call, options, turnRules);
  checkOutputOptions(call, options);
}

const withSchema = (params: object, typed: { outputSchema: object } | undefined): object =>
  typed ? { ...params, outputSchema: typed.outputSchema } : params;

/** A turn that a call has started, with what the call itself waits for when its signal has stopped the turn. */
interface Stoppable extends StartedTurn {
  stopped: () => Promise<void>;
  stops: TurnStops;
}

type StartOptions = CallOptions & ApprovalOptions & StopOptions;

/** @param reading ends the wait for the start; the signal of the options stops the turn */
async function start(
  thread: Thread,
  params: object,
  options: StartOptions,
  reading = options.signal,
  method?: 'review/start',
): Promise<Stoppable> {
  const client = state.of(thread).session;
  const given = approvalOptions(options);
  const stop = { signal: options.signal, hard: options.hardAbort };
  const started = await client.call({ ...options, signal: reading }, async (session, limits) => {
    const takeBack = session.broker.setThread(thread.id, given);
    try {
      const { stops } = session;
      const turn = await session.startTurn(thread.id, params, limits, method, stop);
      return { ...turn, stops, stopped: stops.bind(stop, runsOn(turn, thread.id), turn.turnId) };
    } catch (error) {
      takeBack();
      throw error;
    }
  });
  started.subscription.keep(client);
  return started;
}

/** The thread for work that begins its turns later: once the client is closed, it begins none. */
function untilClosed(thread: Thread) {
  const assertOpen = state.of(thread).session.untilClosed();
  return {
    id: thread.id,
    turn: async (input: RunInput, options: TurnOptions) => {
      assertOpen('turn/start');
      return await thread.turn(input, options);
    },
    assertOpen,
  };
}

async function prepared<S extends AnySchema>(thread: Thread, options: TurnOptions<S>) {
  const turns = untilClosed(thread);
  const typed = await typedTurn(turns, options);
  turns.assertOpen('turn/start');
  return typed;
}

async function startTurn<S extends AnySchema>(thread: Thread, input: RunInput, options: TurnOptions<S>) {
  const params = turnStartParams(thread.id, input, options);
  const typed = options.output == null ? undefined : await prepared(thread, options);
  const started = await start(thread, withSchema(params, typed), options);
  return { turn: handleOf(thread, started, typed?.answer), stopped: started.stopped };
}

function handleOf<T>(thread: Thread, started: Stoppable, answer?: Answer<T>): TurnHandle<T> {
  const { turnId, subscription, denials, stops } = started;
  const { requester } = state.of(thread);
  return new TurnHandle(requester, runsOn(started, thread.id), turnId, subscription, denials, stops, answer);
}

/** @param reading fires with the signal of the options, and when the stream is left, which lets the turn go on */
async function texts<S extends AnySchema>(
  thread: Thread,
  params: object,
  options: TurnOptions<S>,
  reading: AbortSignal,
): Promise<EventSource<AgentMessageDeltaNotification, TurnResult<OutputOf<S>>>> {
  const typed = options.output == null ? undefined : await prepared(thread, options);
  const { turnId, subscription, denials } = await start(thread, withSchema(params, typed), options, reading);
  const answer = typed?.answer ?? (withoutOutput as Answer<OutputOf<S>>);
  return turnTexts(subscription, turnId, denials, (result) => answer(result, reading));
}
