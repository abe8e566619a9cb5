import type {
  Attributes,
  Context,
  Counter,
  Histogram,
  Link,
  MeterProvider,
  Span,
  SpanContext,
  Tracer,
  TracerProvider,
} from '@opentelemetry/api';
import type { ThreadItem } from '../protocol/index.ts';
import { errorText } from '../redact/error-text.ts';
import { redactText } from '../redact/secret-forms.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import { optionalPeer, rethrow } from '../schema/optional-peer.ts';
import { version } from '../version.ts';
import type { LifeCycleMessages, LifeCycleName, LifeCycleSink } from './life-cycle.ts';
import type { TelemetryOptions } from './options.ts';

type Api = typeof import('@opentelemetry/api');

const name = 'twinproof';

/** How many threads, turns and items are remembered that may be over: their end may never be told. */
const remembered = 10_000;

/** Buckets of the conventions for tokens and for seconds. */
const tokenBuckets = Array.from({ length: 14 }, (_, at) => 4 ** at);
const secondBuckets = Array.from({ length: 14 }, (_, at) => 0.01 * 2 ** at);

const startsTurn = new Set(['turn/start', 'review/start']);

/**
 * What makes spans and metrics by the program's options; it throws what a provider throws.
 * @throws CodexError if the package is not installed
 */
export async function openTelemetry(): Promise<(options: TelemetryOptions) => LifeCycleSink> {
  const api = await optionalPeer(
    '@opentelemetry/api',
    'using the option telemetry of new Codex',
    () => import(/* webpackIgnore: true */ /* @vite-ignore */ '@opentelemetry/api').catch(rethrow),
    'leave the option out',
  );
  return (options) => new Spans(api, options);
}

interface Started {
  span: Span;
  context: Context;
}

/**
 * Makes spans and metrics of a connection's life: a span for the client, each thread, turn, item or tool, and approval.
 * Names and attributes follow the GenAI conventions where these have one.
 */
class Spans implements LifeCycleSink {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #content: boolean;
  readonly #tokens: Histogram;
  readonly #seconds: Histogram;
  readonly #occupancy: Histogram;
  readonly #approvals: Counter;
  #client: Started | undefined;
  readonly #threads = new Map<string, Started & { attributes: Attributes }>();
  readonly #turns = new Map<string, Started & { attributes: Attributes }>();
  readonly #items = new Map<string, Started>();
  readonly #asked = new Map<string, Started>();
  /** Starts of turns that are not answered yet. */
  readonly #starts = new Map<string, Started & { threadId: string; attributes: Attributes; adopted?: string }>();

  constructor(api: Api, { tracerProvider, meterProvider, content = false }: TelemetryOptions) {
    this.#api = api;
    this.#content = content;
    this.#tracer = ((tracerProvider as TracerProvider | undefined) ?? api.trace).getTracer(name, version);
    const meter = ((meterProvider as MeterProvider | undefined) ?? api.metrics).getMeter(name, version);
    const histogram = (metric: string, unit: string, description: string, explicitBucketBoundaries: number[]) =>
      meter.createHistogram(metric, { unit, description, advice: { explicitBucketBoundaries } });
    this.#tokens = histogram(
      'gen_ai.client.token.usage',
      '{token}',
      'Tokens of each request to the model',
      tokenBuckets,
    );
    this.#seconds = histogram('gen_ai.client.operation.duration', 's', 'Duration of turns and tools', secondBuckets);
    const share = Array.from({ length: 10 }, (_, at) => (at + 1) / 10);
    this.#occupancy = histogram(
      'twinproof.context.occupancy',
      '1',
      'How full the context is after each request',
      share,
    );
    this.#approvals = meter.createCounter('twinproof.approvals', {
      unit: '{approval}',
      description: 'Approvals decided',
    });
  }

  readonly #on: { [N in LifeCycleName]?: (message: LifeCycleMessages[N]) => void } = {
    'client.starting': ({ clientName }) => {
      this.#client = this.#start(
        'twinproof.client',
        { 'twinproof.client.name': clientName },
        this.#api.context.active(),
      );
    },
    'client.started': ({ engineVersion }) => {
      if (engineVersion !== null) this.#client?.span.setAttribute('twinproof.engine.version', engineVersion);
    },
    'client.failed': ({ error }) => this.#endAll(error),
    'client.closed': () => this.#endAll(),
    'engine.exited': ({ error }) => this.#endAll(error),
    'request.started': ({ requestId, method, threadId, params }) => {
      if (startsTurn.has(method) && threadId !== null) this.#onStart(requestId, threadId, params);
    },
    'request.failed': ({ requestId, error }) => {
      const started = this.#starts.get(requestId);
      if (!started) return;
      this.#starts.delete(requestId);
      // It may have started all the same: its end is then told.
      if (started.adopted === undefined) fail(this.#api, started.span, error);
    },
    'thread.started': ({ threadId, method, model, modelProvider }) => {
      const attributes = {
        'gen_ai.conversation.id': threadId,
        'gen_ai.provider.name': modelProvider ?? 'openai',
        ...(model !== null && { 'gen_ai.request.model': model }),
      };
      const before = this.#threads.get(threadId);
      before?.span.end();
      const parent = this.#parent(this.#client);
      const started = this.#start('twinproof.thread', { ...attributes, 'twinproof.thread.opened_by': method }, parent);
      remember(this.#threads, threadId, { ...started, attributes });
    },
    'thread.closed': ({ threadId }) => {
      this.#threads.get(threadId)?.span.end();
      this.#threads.delete(threadId);
    },
    'turn.started': ({ threadId, turnId }) => {
      if (this.#turns.has(turnId)) return;
      const pending = [...this.#starts.values()].find((one) => one.threadId === threadId && one.adopted === undefined);
      if (pending) this.#adopt(pending, turnId);
      // Somebody else's, or one of a goal.
      else remember(this.#turns, turnId, this.#startTurn(threadId, this.#parent(this.#threads.get(threadId))));
    },
    'turn.completed': (turn) => this.#endTurn(turn),
    'turn.failed': (turn) =>
      this.#endTurn(turn, turn.error?.message ?? turn.status, errorType(turn.error?.codexErrorInfo)),
    'tokens.used': ({ turnId, threadId, usage: { last, modelContextWindow } }) => {
      const attributes = this.#turns.get(turnId)?.attributes ?? this.#ofThread(threadId);
      const { 'gen_ai.conversation.id': _, ...few } = attributes;
      const of = { ...few, 'gen_ai.operation.name': 'chat' };
      if (last.inputTokens > 0) this.#tokens.record(last.inputTokens, { ...of, 'gen_ai.token.type': 'input' });
      if (last.outputTokens > 0) this.#tokens.record(last.outputTokens, { ...of, 'gen_ai.token.type': 'output' });
      const span = this.#turns.get(turnId)?.span;
      span?.setAttribute('twinproof.context.tokens', last.totalTokens);
      if (!modelContextWindow) return;
      span?.setAttribute('twinproof.context.window', modelContextWindow);
      this.#occupancy.record(last.totalTokens / modelContextWindow, few);
    },
    'item.started': ({ itemId, type, turnId, item }) => {
      const attributes = { 'twinproof.item.id': itemId, 'twinproof.item.type': type, ...this.#contentOf(item) };
      remember(
        this.#items,
        itemId,
        this.#start(`twinproof.item ${type}`, attributes, this.#parent(this.#turns.get(turnId))),
      );
    },
    'item.completed': ({ itemId, item }) => {
      this.#items.get(itemId)?.span.setAttributes(this.#contentOf(item));
      // A tool's own end follows, with its status.
      if (!this.#tools.has(itemId)) this.#endItem(itemId);
    },
    'tool.started': ({ itemId, type, tool }) => {
      const started = this.#items.get(itemId);
      keepNewest(this.#tools.add(itemId), remembered);
      started?.span.updateName(`execute_tool ${tool}`);
      started?.span.setAttributes({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool,
        'gen_ai.tool.call.id': itemId,
        'gen_ai.tool.type': type === 'dynamicToolCall' ? 'function' : 'extension',
      });
    },
    'tool.completed': ({ itemId, tool, status, durationMs }) => {
      const failed = status === 'failed' || status === 'declined';
      const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool };
      if (durationMs !== null)
        this.#seconds.record(durationMs / 1000, { ...attributes, ...(failed && { 'error.type': status }) });
      const span = this.#items.get(itemId)?.span;
      if (status !== null) span?.setAttribute('twinproof.item.status', status);
      if (failed) fail(this.#api, span, status, status);
      this.#endItem(itemId);
    },
    'approval.requested': (approval) => {
      const parent = this.#items.get(approval.itemId ?? '') ?? this.#turns.get(approval.turnId ?? '');
      const attributes = { 'twinproof.approval.kind': approval.kind, 'gen_ai.conversation.id': approval.threadId };
      const at = this.#parent(parent ?? this.#threads.get(approval.threadId));
      remember(this.#asked, keyOf(approval), this.#start(`twinproof.approval ${approval.kind}`, attributes, at));
    },
    'approval.answered': ({ decision, decidedBy, error, ...approval }) => {
      const span = this.#asked.get(keyOf(approval))?.span;
      this.#asked.delete(keyOf(approval));
      // An amendment names commands: its kind is enough.
      const word =
        typeof decision === 'string' ? decision : decision === null ? 'none' : Object.keys(Object(decision))[0];
      const attributes = { 'twinproof.approval.decision': word ?? 'none', 'twinproof.approval.decided_by': decidedBy };
      this.#approvals.add(1, { ...attributes, 'twinproof.approval.kind': approval.kind });
      span?.setAttributes(attributes);
      if (error !== undefined) fail(this.#api, span, error);
      else span?.end();
    },
  };
  readonly #tools = new Set<string>();

  take<N extends LifeCycleName>(event: N, message: LifeCycleMessages[N]): void {
    (this.#on[event] as ((message: LifeCycleMessages[N]) => void) | undefined)?.(message);
  }

  /** The turn's own span where the request starts one, else what the caller is doing, else the client. */
  trace(requestId: string) {
    const started = this.#starts.get(requestId) ?? this.#client;
    const active = this.#starts.has(requestId) ? undefined : this.#api.trace.getSpanContext(this.#api.context.active());
    const of = valid(this.#api, active) ?? valid(this.#api, started?.span.spanContext());
    if (!of) return undefined;
    const traceparent = `00-${of.traceId}-${of.spanId}-${of.traceFlags.toString(16).padStart(2, '0')}`;
    const tracestate = of.traceState?.serialize();
    return tracestate ? { traceparent, tracestate } : { traceparent };
  }

  named(requestId: string, turnId: string): void {
    const started = this.#starts.get(requestId);
    if (!started) return;
    this.#starts.delete(requestId);
    if (started.adopted === turnId) return;
    const running = this.#turns.get(turnId);
    // It has joined a turn that runs, or has been taken for another's.
    if (running || this.#ended.has(turnId)) {
      started.span.setAttribute('twinproof.turn.joined', turnId);
      if (started.adopted === undefined) started.span.end();
      return;
    }
    this.#adopt(started, turnId);
  }
  readonly #ended = new Set<string>();

  #onStart(requestId: string, threadId: string, params: unknown): void {
    const active = this.#api.context.active();
    const thread = this.#threads.get(threadId);
    // What the program is doing goes before the thread, which the span then links to.
    const inProgram = valid(this.#api, this.#api.trace.getSpanContext(active)) !== undefined;
    const links = inProgram && thread ? [{ context: thread.span.spanContext() }] : [];
    const started = this.#startTurn(threadId, inProgram ? active : this.#parent(thread), links);
    const { input } = (params ?? {}) as { input?: unknown };
    if (this.#content && input !== undefined)
      started.span.setAttribute('gen_ai.input.messages', messages('user', input));
    remember(this.#starts, requestId, { ...started, threadId });
  }

  #startTurn(threadId: string, parent: Context, links: Link[] = []) {
    const attributes = this.#ofThread(threadId);
    const of = { ...attributes, 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'codex' };
    const kind = this.#api.SpanKind.CLIENT;
    const span = this.#tracer.startSpan('invoke_agent codex', { kind, attributes: of, links }, parent);
    return { span, context: this.#api.trace.setSpan(parent, span), attributes };
  }

  #adopt(started: Started & { attributes: Attributes; adopted?: string }, turnId: string): void {
    started.adopted = turnId;
    started.span.setAttribute('twinproof.turn.id', turnId);
    remember(this.#turns, turnId, started);
  }

  #endTurn(
    { turnId, status, usage, durationMs }: LifeCycleMessages['turn.completed'],
    failure?: string,
    type?: string,
  ): void {
    const turn = this.#turns.get(turnId);
    this.#turns.delete(turnId);
    keepNewest(this.#ended.add(turnId), remembered);
    if (!turn) return;
    turn.span.setAttribute('twinproof.turn.status', status);
    if (usage)
      turn.span.setAttributes({
        'gen_ai.usage.input_tokens': usage.inputTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
        'gen_ai.usage.reasoning.output_tokens': usage.reasoningOutputTokens,
      });
    const { 'gen_ai.conversation.id': _, ...few } = turn.attributes;
    const error = failure === undefined ? {} : { 'error.type': type ?? status };
    if (durationMs !== null)
      this.#seconds.record(durationMs / 1000, { ...few, 'gen_ai.operation.name': 'invoke_agent', ...error });
    if (failure === undefined) turn.span.end();
    else fail(this.#api, turn.span, failure, type ?? status);
  }

  #endItem(itemId: string): void {
    this.#items.get(itemId)?.span.end();
    this.#items.delete(itemId);
    this.#tools.delete(itemId);
  }

  #ofThread(threadId: string): Attributes {
    return (
      this.#threads.get(threadId)?.attributes ?? {
        'gen_ai.conversation.id': threadId,
        'gen_ai.provider.name': 'openai',
      }
    );
  }

  #contentOf(item: ThreadItem | undefined): Attributes {
    if (!this.#content || !item) return {};
    if (item.type === 'agentMessage')
      return { 'gen_ai.output.messages': messages('assistant', [{ type: 'text', text: item.text }]) };
    return { 'twinproof.item.content': redactText(JSON.stringify(item)) };
  }

  #start(spanName: string, attributes: Attributes, parent: Context): Started {
    const span = this.#tracer.startSpan(spanName, { attributes }, parent);
    return { span, context: this.#api.trace.setSpan(parent, span) };
  }

  #parent(started: Started | undefined): Context {
    return (started ?? this.#client)?.context ?? this.#api.context.active();
  }

  /** What is open when the connection ends has no end of its own. */
  #endAll(error?: Error): void {
    const open = [this.#asked, this.#items, this.#turns, this.#starts, this.#threads];
    for (const group of open) {
      for (const { span } of group.values()) {
        if (error && group !== this.#threads) fail(this.#api, span, error);
        else span.end();
      }
      group.clear();
    }
    if (error) fail(this.#api, this.#client?.span, error);
    else this.#client?.span.end();
    this.#client = undefined;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  keepNewest(map.set(key, value), remembered);
}

const keyOf = (one: { threadId: string; turnId: string | null; itemId: string | null; kind: string }) =>
  `${one.kind} ${one.threadId} ${one.turnId} ${one.itemId}`;

const valid = (api: Api, context: SpanContext | undefined) =>
  context && api.isSpanContextValid(context) ? context : undefined;

/** Ends a span as failed. Its text has no secret. */
function fail(api: Api, span: Span | undefined, error: unknown, type?: string): void {
  const word = type ?? (error instanceof Error ? error.name : '_OTHER');
  span?.setAttribute('error.type', word);
  span?.setStatus({ code: api.SpanStatusCode.ERROR, message: errorText(error) });
  span?.end();
}

/** The engine's word for the cause of a failed turn. */
function errorType(info: unknown): string | undefined {
  return typeof info === 'string' ? info : Object.keys(Object(info ?? {}))[0];
}

/** As the conventions have messages: roles and parts. */
function messages(role: string, input: unknown): string {
  const parts = (Array.isArray(input) ? input : [input]).map((part: { type?: unknown; text?: unknown }) =>
    part?.type === 'text' ? { type: 'text', content: part.text } : part,
  );
  return redactText(JSON.stringify([{ role, parts }]));
}
