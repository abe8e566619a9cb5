import type { ApprovalRecord } from '../approvals/options.ts';
import type { ApprovalRequest } from '../approvals/requests.ts';
import type { JsonObject, ThreadItem, ThreadTokenUsage, TurnError } from '../protocol/index.ts';
import { hasFailed } from '../rpc/engine-words.ts';
import { isObject } from '../rpc/is-object.ts';
import { requestKey, type ServerRequest } from '../rpc/server-requests.ts';
import { spentBy, type TurnUsageMeter } from '../rpc/turn-usage.ts';
import { isHeard, type LifeCycleMessages, type LifeCycleName, type LifeCycleSink, publish } from './life-cycle.ts';
import { toolOf } from './tool-of.ts';

/** A request of the client that somebody is told of. */
export interface ToldRequest {
  /** The engine's spans join the caller's by it. */
  trace: { traceparent: string; tracestate?: string } | undefined;
  ended(outcome: { result: JsonObject } | { error: Error }): void;
}

const requestChannels = ['request.started', 'request.completed', 'request.failed'] as const;
const threadMethods = new Set(['thread/start', 'thread/resume', 'thread/fork', 'thread/unarchive']);

let connections = 0;

/**
 * Tells what happens on one connection: the channels of `node:diagnostics_channel`, and sinks. Nothing is made of an
 * event that nobody hears: each place asks first, and events of a model's text are not looked at.
 */
export class SessionTelemetry {
  readonly #connection: number;
  readonly #usage: TurnUsageMeter;
  readonly #content: boolean;
  #sinks: readonly LifeCycleSink[] = [];
  #requests = 0;
  #began = 0;
  #toldOfDrops = false;

  constructor(usage: TurnUsageMeter, content: boolean) {
    connections += 1;
    this.#usage = usage;
    this.#connection = connections;
    this.#content = content;
  }

  /** Before the connection is opened. */
  attach(sinks: readonly LifeCycleSink[]): void {
    this.#sinks = sinks;
  }

  starting(clientName: string): void {
    this.#began = performance.now();
    this.#tell('client.starting', () => ({ clientName }));
  }

  /** @param engineVersion undefined for an engine that does not say it as engines do */
  started(clientName: string, engineVersion: string | undefined): void {
    const durationMs = this.#sinceBegan();
    this.#tell('client.started', () => ({ clientName, engineVersion: engineVersion ?? null, durationMs }));
  }

  failed(error: unknown): void {
    this.#tell('client.failed', () => ({ error: asError(error), durationMs: this.#sinceBegan() }));
  }

  closed(): void {
    this.#tell('client.closed', () => ({}));
  }

  /** @param closed the program has asked for it */
  exited(error: Error, closed: boolean): void {
    if (!closed) this.#tell('engine.exited', () => ({ error }));
  }

  /** Call this in the context of whoever sends it. Undefined if nobody hears. */
  request(method: string, params: unknown): ToldRequest | undefined {
    const opensThread = threadMethods.has(method) && this.#hears('thread.started');
    if (!opensThread && !requestChannels.some((name) => this.#hears(name))) return undefined;
    this.#requests += 1;
    const requestId = String(this.#requests);
    const threadId = isObject(params) && typeof params.threadId === 'string' ? params.threadId : null;
    const began = performance.now();
    const told = { requestId, method, threadId };
    // An answer may come in the moment of an abort.
    let over = false;
    this.#tell('request.started', () => ({ ...told, ...(this.#content && { params }) }));
    return {
      trace: this.#traceOf(requestId),
      ended: (outcome) => {
        if (over) return;
        over = true;
        const durationMs = performance.now() - began;
        if ('error' in outcome) {
          this.#tell('request.failed', () => ({ ...told, durationMs, error: outcome.error }));
          return;
        }
        this.#tell('request.completed', () => ({ ...told, durationMs }));
        const { thread, turn } = outcome.result;
        if (opensThread && isObject(thread)) this.#threadStarted(method, String(thread.id), outcome.result);
        if (isObject(turn) && typeof turn.id === 'string')
          for (const sink of this.#sinks) attempt(() => sink.named?.(requestId, String(turn.id)));
      },
    };
  }

  #threadStarted(method: string, threadId: string, { model, modelProvider }: JsonObject): void {
    this.#tell('thread.started', () => ({ threadId, method, model: text(model), modelProvider: text(modelProvider) }));
  }

  #traceOf(requestId: string) {
    for (const sink of this.#sinks) {
      const trace = attempt(() => sink.trace?.(requestId));
      if (trace) return trace;
    }
    return undefined;
  }

  /** Takes every notification that is not a piece of a text. */
  see(method: string, payload: JsonObject): void {
    const threadId = text(payload.threadId) ?? '';
    const turnId = text(payload.turnId) ?? '';
    const of = { threadId, turnId };
    if (method === 'item/started' || method === 'item/completed') this.#seeItem(method, of, payload.item);
    else if (method === 'turn/started')
      this.#tell('turn.started', () => ({ threadId, turnId: idIn(payload.turn) ?? turnId }));
    else if (method === 'turn/completed') this.#seeEnd(threadId, payload.turn);
    else if (method === 'thread/closed') this.#tell('thread.closed', () => ({ threadId }));
    else if (method === 'thread/tokenUsage/updated' && isObject(payload.tokenUsage)) {
      const usage = payload.tokenUsage as unknown as ThreadTokenUsage;
      this.#tell('tokens.used', () => ({ ...of, usage, turnUsage: spentBy(usage)?.usage ?? null }));
    }
  }

  #seeItem(method: string, of: { threadId: string; turnId: string }, given: unknown): void {
    if (!isObject(given)) return;
    const item = given as unknown as ThreadItem;
    const told = { ...of, itemId: String(item.id), type: String(item.type), ...(this.#content && { item }) };
    const tool = toolOf(given);
    if (method === 'item/started') {
      this.#tell('item.started', () => told);
      if (tool !== undefined) this.#tell('tool.started', () => ({ ...told, tool }));
      return;
    }
    const durationMs = durationOf(given);
    this.#tell('item.completed', () => ({ ...told, durationMs }));
    if (tool !== undefined)
      this.#tell('tool.completed', () => ({ ...told, tool, status: text(given.status), durationMs }));
  }

  #seeEnd(threadId: string, turn: unknown): void {
    if (!isObject(turn)) return;
    const turnId = String(turn.id);
    const status = String(turn.status);
    const told = () => {
      const durationMs = typeof turn.durationMs === 'number' ? turn.durationMs : null;
      return { threadId, turnId, status, durationMs, usage: this.#usage.of(threadId, turnId) ?? null };
    };
    const error = (turn.error ?? null) as TurnError | null;
    if (hasFailed(status, error)) this.#tell('turn.failed', () => ({ ...told(), error }));
    else this.#tell('turn.completed', told);
  }

  received({ id, method, params }: ServerRequest): void {
    this.#tell('question.received', () => question(id, method, params));
  }

  answered({ id, method, params }: ServerRequest): void {
    this.#tell('question.answered', () => question(id, method, params));
  }

  approvalRequested(request: ApprovalRequest): void {
    this.#tell('approval.requested', () => approval(request));
  }

  approvalAnswered({ request, decision, decidedBy, durationMs, error }: ApprovalRecord): void {
    const failure = error === undefined ? {} : { error };
    this.#tell('approval.answered', () => ({ ...approval(request), decision, decidedBy, durationMs, ...failure }));
  }

  /** How many notifications have been let go. */
  dropped(count: number): void {
    if (count === 0 || this.#toldOfDrops) return;
    this.#toldOfDrops = true;
    this.#tell('notifications.dropped', () => ({ dropped: count }));
  }

  #hears(name: LifeCycleName): boolean {
    return this.#sinks.length > 0 || isHeard(name);
  }

  #tell<N extends LifeCycleName>(name: N, message: () => Omit<LifeCycleMessages[N], 'connection'>): void {
    if (!this.#hears(name)) return;
    const told = { connection: this.#connection, ...message() } as unknown as LifeCycleMessages[N];
    for (const sink of this.#sinks) attempt(() => sink.take(name, told));
    publish(name, told);
  }

  #sinceBegan(): number {
    return performance.now() - this.#began;
  }
}

/** What an exporter or a logger throws is not the turn's matter. It is warned of once. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    const made = work();
    // A logger may be asynchronous: a rejection that nobody hears would end the program.
    if (made instanceof Promise) made.catch(warnOnce);
    return made;
  } catch (error) {
    warnOnce(error);
    return undefined;
  }
}

function warnOnce(error: unknown): void {
  if (!warned) process.emitWarning(`telemetry failed: ${error}`, { code: 'TWINPROOF_TELEMETRY' });
  warned = true;
}

let warned = false;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const idIn = (value: unknown): string | null => (isObject(value) ? text(value.id) : null);
const asError = (value: unknown): Error => (value instanceof Error ? value : new Error(String(value)));

function durationOf({ durationMs, startedAtMs, completedAtMs }: Record<string, unknown>): number | null {
  if (typeof durationMs === 'number') return durationMs;
  if (typeof startedAtMs !== 'number' || typeof completedAtMs !== 'number') return null;
  // The engine's clock may be set back while an item runs.
  return Math.max(0, completedAtMs - startedAtMs);
}

function question(id: unknown, method: string, params: unknown) {
  const { threadId, conversationId = threadId, turnId } = isObject(params) ? params : {};
  return { requestId: requestKey(id), method, threadId: text(conversationId), turnId: text(turnId) };
}

const approval = ({ threadId, turnId, itemId, kind }: ApprovalRequest) => ({ threadId, turnId, itemId, kind });
