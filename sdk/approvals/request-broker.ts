import { AbortError, CodexError } from '../errors/codex-error.ts';
import { onAbort } from '../host/on-abort.ts';
import type { ApprovalsReviewer, DynamicToolCallParams, JsonObject, ThreadItem } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import {
  requestKey,
  type ServerRequest,
  type ServerRequestErrorHandler,
  type ServerRequestHandler,
  type ServerRequestHandlers,
} from '../rpc/server-requests.ts';
import type { SubAgents } from '../rpc/sub-agents.ts';
import type { SessionTelemetry } from '../telemetry/session-telemetry.ts';
import type { ThreadTools } from '../tools/thread-tools.ts';
import { type ApprovalDecision, decisionOf, decisionResult, isDenial } from './decisions.ts';
import { TurnDenials } from './denials.ts';
import { type Asked, ask, asked } from './handlers.ts';
import { type ApprovalDenial, type ApprovalOptions, approvalHandlers, type ClientRequestOptions } from './options.ts';
import { elicitationResult, permissionsResult, tokenRefreshResult, userInputResult } from './other-requests.ts';
import { type ApprovalKind, type ApprovalRequest, approvalKindKey, approvalRequest } from './requests.ts';
import { StartedItemsOfThreads } from './started-items.ts';

/** How many turns and threads are remembered that may be over: nobody says when they are not needed any more. */
const remembered = 10_000;

/** Somebody who may answer a request. */
interface Candidate {
  asked: Asked;
  input: unknown;
  /** @throws TypeError for an answer of another kind */
  result(answer: unknown): unknown;
}

/** A request that waits for its answer. */
interface Pending {
  controller: AbortController;
  turnId: string | undefined;
  /** The answer is not needed any more. */
  withdraw(reason: unknown): void;
}

/**
 * Finds who answers a request of the engine: the handlers of its turn, its thread, the client, and at last the client's `onServerRequest`. It sees
 * the notifications first, so that it knows what a request is about and when it is moot.
 */
export class RequestBroker implements ServerRequestHandlers {
  readonly onServerRequestError: ServerRequestErrorHandler | undefined;
  readonly leaveToOthers: boolean;
  /** The functions behind the tools of threads; undefined until a thread has some. */
  tools: ThreadTools | undefined;
  readonly #client: ClientRequestOptions & { onServerRequest?: ServerRequestHandler | undefined };
  readonly #interrupt: (threadId: string, turnId: string) => void;
  readonly #threads = new Map<string, ApprovalOptions>();
  readonly #reviewers = new Map<string, ApprovalsReviewer>();
  readonly #telemetry: SessionTelemetry;
  readonly #subAgents: SubAgents;
  readonly #items = new StartedItemsOfThreads();
  readonly #pending = new Map<string, Pending>();
  readonly #pendingOfTurns = new Map<string, Set<Pending>>();
  readonly #denials = new Map<string, TurnDenials>();
  #gone = false;

  /** @param interrupt sends `turn/interrupt`, at once, and reports nothing */
  constructor(
    client: ClientRequestOptions & ServerRequestHandlers,
    interrupt: (threadId: string, turnId: string) => void,
    subAgents: SubAgents,
    telemetry: SessionTelemetry,
  ) {
    this.#telemetry = telemetry;
    this.#client = client;
    this.#subAgents = subAgents;
    this.#interrupt = interrupt;
    this.onServerRequestError = client.onServerRequestError;
    this.leaveToOthers = client.leaveToOthers === true;
  }

  /** Sets what is given for a thread, beside what it has. Call the result to take it back. */
  setThread(threadId: string, given: ApprovalOptions | undefined): () => void {
    if (given === undefined) return () => {};
    const before = this.#threads.get(threadId);
    const now = { ...before, ...given };
    this.#threads.set(threadId, now);
    return () => {
      if (this.#threads.get(threadId) !== now) return;
      if (before) this.#threads.set(threadId, before);
      else this.#threads.delete(threadId);
    };
  }

  /** Reads who reviews from the engine's answer to a start of a thread, or from its settings. */
  learn(threadId: string, { approvalsReviewer }: Record<string, unknown>): void {
    if (typeof approvalsReviewer !== 'string') return;
    keepNewest(this.#reviewers.set(threadId, approvalsReviewer), remembered);
  }

  /** Who reviews what the agent of a thread asks for, as the engine last said. */
  reviewerOf(threadId: string): ApprovalsReviewer | undefined {
    return this.#reviewers.get(threadId);
  }

  /** What is refused in all turns of a thread, from now on. */
  freshDenialsOf(threadId: string): TurnDenials {
    this.#denials.delete(threadId);
    return this.denialsOf(threadId);
  }

  /**
   * What is refused in a turn: what came before its handle, and what will come.
   * @param over nothing will come: it has been seen to end
   */
  denialsOf(turnId: string, over = false): TurnDenials {
    const denials = this.#collected(turnId);
    denials.claimed = true;
    if (denials.over || over || this.#gone) this.#denials.delete(turnId);
    return denials;
  }

  /** The goal of a thread is over: what is refused in later turns is not the goal's any more. */
  forgetDenials(threadId: string, denials: TurnDenials): void {
    if (this.#denials.get(threadId) === denials) this.#denials.delete(threadId);
  }

  /** The connection is gone: the engine asks nothing more, and ends nothing. */
  fail(): void {
    this.#gone = true;
    this.#denials.clear();
    this.#items.clear();
    this.#threads.clear();
  }

  /** The engine may ask, and even end the turn, before the handle of the turn has been made. */
  #collected(id: string): TurnDenials {
    const known = this.#denials.get(id);
    if (known) return known;
    const made = new TurnDenials();
    keepNewest(this.#denials.set(id, made), remembered);
    return made;
  }

  /** Sees every notification, in the order of the wire. */
  see(method: string, payload: JsonObject): void {
    if (method === 'item/started' || method === 'item/completed') this.#seeItem(method, payload);
    else if (method === 'turn/completed') this.#seeEnd(payload);
    else if (method === 'serverRequest/resolved')
      this.#pending.get(requestKey(payload.requestId))?.withdraw('the engine has resolved the request itself');
    else if (method === 'thread/settings/updated') {
      if (isObject(payload.threadSettings)) this.learn(String(payload.threadId), payload.threadSettings);
    } else if (method === 'thread/closed') this.#threads.delete(String(payload.threadId));
    else if (method === 'item/autoApprovalReview/completed') this.#seeReview(payload);
  }

  #seeItem(method: string, { threadId, turnId, item }: JsonObject): void {
    if (typeof threadId !== 'string' || !isObject(item)) return;
    if (this.#subAgents.see(threadId, turnId, item)) return;
    if (method === 'item/started') this.#items.started(threadId, item as unknown as ThreadItem);
    else this.#items.completed(threadId, item.id);
  }

  #seeEnd({ threadId, turn }: JsonObject): void {
    if (typeof threadId === 'string') this.#items.forget(threadId);
    if (!isObject(turn) || typeof turn.id !== 'string') return;
    for (const pending of this.#pendingOfTurns.get(turn.id) ?? []) pending.withdraw('the turn is over');
    const denials = this.#denials.get(turn.id);
    if (denials?.claimed) this.#denials.delete(turn.id);
    else if (denials) denials.over = true;
  }

  #seeReview({ threadId, turnId, targetItemId, review, action }: JsonObject): void {
    if (!isObject(review) || review.status !== 'denied' || typeof threadId !== 'string') return;
    const reviewer = this.#reviewers.get(threadId) ?? 'auto_review';
    const itemId = typeof targetItemId === 'string' ? targetItemId : null;
    this.#deny({
      kind: reviewedKind(isObject(action) ? action.type : undefined),
      decision: 'decline',
      threadId,
      turnId: typeof turnId === 'string' ? turnId : null,
      itemId,
      item: (itemId === null ? undefined : this.#items.byId(threadId, itemId)) ?? null,
      reviewer,
      decidedBy: reviewer,
      reason: typeof review.rationale === 'string' ? review.rationale : null,
    });
  }

  /** Answers a request, or leaves it to the safe answer. What it throws, a handler has thrown, or a TypeError for a wrong answer. */
  readonly onServerRequest: ServerRequestHandler = async (request, { signal: gone }) => {
    const approval = approvalRequest(request, this.#items);
    const options = this.#optionsFor((request.params as JsonObject | null)?.threadId);
    const askedAt = Date.now();
    const began = performance.now();
    let told = false;
    const tell = (decision: ApprovalDecision | null, decidedBy: string, error?: unknown) => {
      if (told || !approval) return;
      told = true;
      if (decision !== null && isDenial(decision)) this.#denyAsked(approval, decision, decidedBy, error, options);
      const durationMs = performance.now() - began;
      const record = { request: approval, decision, decidedBy, error, askedAt, durationMs };
      this.#telemetry.approvalAnswered(record);
      try {
        options.onDecision?.(record);
      } catch (failure) {
        void this.#report(failure, request);
      }
    };
    if (approval) this.#telemetry.approvalRequested(approval);
    const { pending, close } = this.#open(request, gone, () => tell(null, 'engine'));
    let by = 'safe answer';
    try {
      for (const { asked, input, result } of this.#candidates(request, approval, options)) {
        by = asked.name;
        const answer = await ask(asked, input, pending.controller, request.method);
        if (answer === undefined) continue;
        const sent = result(answer);
        if (approval) tell(decisionMade(approval, answer, sent), by);
        return sent as Awaited<ReturnType<ServerRequestHandler>>;
      }
      if (this.leaveToOthers) tell(null, 'another client');
      else tell('decline', 'safe answer');
      return undefined;
    } catch (error) {
      tell('decline', by, error);
      throw error;
    } finally {
      close();
    }
  };

  #candidates(
    request: ServerRequest,
    approval: ApprovalRequest | undefined,
    options: ClientRequestOptions,
  ): Candidate[] {
    const { method, params } = request;
    const candidates: Candidate[] = [];
    const add = (name: string, given: Parameters<typeof asked>[1] | undefined, result: Candidate['result']) => {
      if (given) candidates.push({ asked: asked(name, given), input: params ?? {}, result });
    };
    if (approval)
      for (const one of approvalHandlers(options.approvals, approval.kind))
        candidates.push({ asked: one, input: approval, result: (answer) => decisionResult(approval, answer) });
    if (method === 'item/permissions/requestApproval') add('onPermissions', options.onPermissions, permissionsResult);
    else if (method === 'item/tool/requestUserInput')
      add('onUserInput', options.onUserInput, (answer) => userInputResult(params, answer));
    else if (method === 'account/chatgptAuthTokens/refresh')
      add('onTokenRefresh', this.#client.onTokenRefresh, tokenRefreshResult);
    // A handler of forms must not agree to a tool by accident: what has the mark of an approval is never a form.
    else if (
      method === 'mcpServer/elicitation/request' &&
      !(isObject(params?._meta) && approvalKindKey in params._meta)
    )
      add('onElicitation', options.onElicitation, elicitationResult);
    const called = method === 'item/tool/call' ? ((params ?? {}) as DynamicToolCallParams) : undefined;
    const unchanged = (answer: unknown) => answer;
    if (called)
      add(
        'tools',
        this.tools?.handlerOf(called, (error) => void this.#report(error, request)),
        unchanged,
      );
    const { onServerRequest } = this.#client;
    if (onServerRequest) {
      const catchAll: Asked = { name: 'onServerRequest', handler: onServerRequest, timeoutMs: 0 };
      candidates.push({ asked: catchAll, input: request, result: unchanged });
    }
    if (called) add('tools', this.tools?.fallbackOf(called), unchanged);
    return candidates;
  }

  #optionsFor(threadId: unknown): ClientRequestOptions {
    for (const at of this.#subAgents.lineOf(threadId)) {
      const own = this.#threads.get(at.threadId);
      if (own) return { ...this.#client, ...own };
    }
    return this.#client;
  }

  #open({ id, params }: ServerRequest, gone: AbortSignal, onWithdrawn: () => void) {
    const controller = new AbortController();
    const key = requestKey(id);
    const given = (params as JsonObject | null)?.turnId;
    const turnId = typeof given === 'string' ? given : undefined;
    const pending: Pending = {
      controller,
      turnId,
      withdraw: (reason) => {
        close();
        onWithdrawn();
        const cause = typeof reason === 'string' ? new CodexError(reason) : reason;
        controller.abort(typeof reason === 'string' ? new AbortError('waiting for an answer', cause) : reason);
      },
    };
    const stopListening = onAbort(gone, () => pending.withdraw(gone.reason));
    const close = () => {
      stopListening();
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
      if (turnId === undefined) return;
      const ofTurn = this.#pendingOfTurns.get(turnId);
      ofTurn?.delete(pending);
      if (ofTurn?.size === 0) this.#pendingOfTurns.delete(turnId);
    };
    this.#pending.set(key, pending);
    if (turnId !== undefined) {
      const ofTurn = this.#pendingOfTurns.get(turnId) ?? new Set();
      this.#pendingOfTurns.set(turnId, ofTurn.add(pending));
    }
    if (gone.aborted) pending.withdraw(gone.reason);
    return { pending, close };
  }

  #denyAsked(
    { kind, threadId, turnId, itemId, item }: ApprovalRequest,
    decision: ApprovalDecision,
    decidedBy: string,
    error: unknown,
    { onDenial }: ApprovalOptions,
  ): void {
    const reason = error === undefined ? null : error instanceof Error ? error.message : String(error);
    const denial = { kind, decision, threadId, turnId, itemId, item, reviewer: 'user', decidedBy, reason };
    this.#deny(denial, onDenial, decision === 'cancel' && (kind === 'command' || kind === 'fileChange'));
  }

  /** @param interrupts whether the answer itself interrupts the turn */
  #deny(denial: ApprovalDenial, onDenial = this.#optionsFor(denial.threadId).onDenial, interrupts = false): void {
    const throws = onDenial === 'throw';
    // What a sub-agent was refused concerns the turn that it works for, too, as long as that runs.
    for (const { threadId, turnId: workedFor } of this.#subAgents.lineOf(denial.threadId)) {
      const own = threadId === denial.threadId;
      const turnId = own ? denial.turnId : workedFor;
      this.#denials.get(threadId)?.add(denial, throws);
      if (typeof turnId !== 'string') continue;
      const ofTurn = own ? this.#collected(turnId) : this.#denials.get(turnId);
      ofTurn?.add(denial, throws);
      // An engine leaves a second interrupt unanswered.
      if (!ofTurn || !throws || (own && interrupts) || ofTurn.interrupted) continue;
      ofTurn.interrupted = true;
      this.#interrupt(threadId, turnId);
    }
  }

  async #report(error: unknown, request: ServerRequest): Promise<void> {
    try {
      await this.onServerRequestError?.(error, request);
    } catch {
      // There is nobody left to tell.
    }
  }
}

/** The decision as a handler of ours made it, or as another handler's result has it. */
function decisionMade({ kind }: ApprovalRequest, answer: unknown, sent: unknown): ApprovalDecision | null {
  // A result that is the answer itself came from a handler that speaks the protocol.
  return (answer === sent ? decisionOf(kind, sent) : (answer as ApprovalDecision)) ?? null;
}

function reviewedKind(action: unknown): ApprovalKind {
  if (action === 'applyPatch') return 'fileChange';
  if (action === 'mcpToolCall') return 'mcpTool';
  return action === 'requestPermissions' ? 'permissions' : 'command';
}
