import type {
  JSONObject,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { Notification } from '../index.ts';
import type { ThreadItem, TokenUsageBreakdown } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { engineTool } from './engine-tools.ts';

type Part = LanguageModelV4StreamPart;

/** Texts of the engine that come in pieces, and the kind of block that they are for the AI SDK. */
type BlockKind = 'text' | 'reasoning';

interface Block {
  kind: BlockKind;
  /** What has been passed on. */
  text: string;
}

/** What is known of a step besides its parts. */
export interface StepOptions {
  /** Names of the tools that the program calls itself. */
  programTools: ReadonlySet<string>;
  /** The answer is JSON: what the agent says on the way there is no part of it. */
  json: boolean;
  /** The answer comes as one piece at the end, since what the model writes is not yet what was asked for. */
  withholdsAnswer: boolean;
  raw: boolean;
  metadata: SharedV4ProviderMetadata;
}

/** The parts of one step of a turn: from a start, or a continuation, to the calls of tools or the end. */
export class StepParts {
  readonly #options: StepOptions;
  readonly #blocks = new Map<string, Block>();
  /** Items of the engine's own tools that run. */
  readonly #running = new Map<string, ThreadItem>();
  readonly #announced = new Set<string>();
  readonly #called = new Set<string>();
  #usage: TokenUsageBreakdown | undefined;
  #responses = 0;
  /** The same by the counts of the thread, which come later, and for every thread. */
  #counts: TokenUsageBreakdown | undefined;
  #counted: number | undefined;

  constructor(options: StepOptions) {
    this.#options = options;
  }

  /** The calls that the program has to make. */
  get calls(): ReadonlySet<string> {
    return this.#called;
  }

  /** Whether the model has said all, and every call of a tool that it made is here. */
  get isWhole(): boolean {
    return this.#responses > 0 && [...this.#announced].every((id) => this.#called.has(id));
  }

  /** Whether the engine tells when the model has said all: an older thread does not. */
  get tellsWhole(): boolean {
    return this.#responses > 0 || this.#announced.size > 0;
  }

  get usage(): LanguageModelV4Usage {
    return usageOf(this.#responses > 0 ? this.#usage : this.#counts);
  }

  *take(event: Notification): Generator<Part, void, void> {
    if (this.#options.raw) yield { type: 'raw', rawValue: event };
    switch (event.method) {
      case 'item/started':
        if (isObject(event.payload.item)) yield* this.#started(event.payload.item);
        return;
      case 'item/completed':
        if (isObject(event.payload.item)) yield* this.#completed(event.payload.item);
        return;
      case 'item/agentMessage/delta':
      case 'item/plan/delta':
        return yield* this.#piece(event.payload.itemId, 'text', event.payload.delta);
      case 'item/reasoning/summaryTextDelta': {
        const { itemId, summaryIndex, delta } = event.payload;
        return yield* this.#piece(`${itemId}:summary:${summaryIndex}`, 'reasoning', delta);
      }
      case 'item/reasoning/textDelta': {
        const { itemId, contentIndex, delta } = event.payload;
        return yield* this.#piece(`${itemId}:text:${contentIndex}`, 'reasoning', delta);
      }
      case 'rawResponseItem/completed': {
        const { item } = event.payload;
        if (item.type === 'function_call' && this.#options.programTools.has(item.name))
          this.#announced.add(item.call_id);
        return;
      }
      case 'rawResponse/completed':
        this.#responses += 1;
        this.#usage = sum(this.#usage, event.payload.usage ?? undefined);
        return;
      case 'thread/tokenUsage/updated': {
        const { last, total } = event.payload.tokenUsage;
        if (total.totalTokens !== this.#counted) this.#counts = sum(this.#counts, last);
        this.#counted = total.totalTokens;
        return;
      }
    }
  }

  /** Ends what is open. A tool of the engine that still runs has no result in a later step: the AI SDK takes none. */
  *end(): Generator<Part, void, void> {
    for (const id of this.#blocks.keys()) yield* this.#endBlock(id);
    for (const item of this.#running.values()) yield* this.#result(item);
    this.#running.clear();
  }

  *#started(item: ThreadItem): Generator<Part, void, void> {
    if (item.type === 'agentMessage' || item.type === 'plan') {
      this.#blocks.set(item.id, { kind: this.#kindOf(item), text: '' });
      if (!this.#isWithheld(item.id)) yield { type: `${this.#kindOf(item)}-start`, id: item.id, ...this.#metadata() };
      return;
    }
    if (item.type === 'dynamicToolCall' && this.#options.programTools.has(item.tool)) {
      this.#called.add(item.id);
      const input = JSON.stringify(item.arguments ?? {});
      yield { type: 'tool-input-start', id: item.id, toolName: item.tool };
      yield { type: 'tool-input-delta', id: item.id, delta: input };
      yield { type: 'tool-input-end', id: item.id };
      yield { type: 'tool-call', toolCallId: item.id, toolName: item.tool, input, ...this.#metadata() };
      return;
    }
    const tool = engineTool(item);
    if (!tool?.early) return;
    this.#running.set(item.id, item);
    yield this.#call(item.id, tool.name, tool.input);
  }

  *#completed(item: ThreadItem): Generator<Part, void, void> {
    if (item.type === 'agentMessage' || item.type === 'plan') {
      if (!this.#blocks.has(item.id)) yield* this.#started(item);
      const said = this.#blocks.get(item.id)?.text ?? '';
      if (item.text.startsWith(said)) yield* this.#piece(item.id, 'text', item.text.slice(said.length));
      return yield* this.#endBlock(item.id);
    }
    if (item.type === 'reasoning') {
      for (const [at, text] of (item.summary ?? []).entries()) yield* this.#rest(`${item.id}:summary:${at}`, text);
      for (const [at, text] of (item.content ?? []).entries()) yield* this.#rest(`${item.id}:text:${at}`, text);
      for (const id of this.#blocks.keys()) if (id.startsWith(`${item.id}:`)) yield* this.#endBlock(id);
      return;
    }
    if (item.type === 'dynamicToolCall' && this.#options.programTools.has(item.tool)) return;
    const tool = engineTool(item);
    if (!tool) return;
    if (!this.#running.delete(item.id)) yield this.#call(item.id, tool.name, tool.input);
    yield* this.#result(item);
  }

  *#rest(id: string, text: unknown): Generator<Part, void, void> {
    const said = this.#blocks.get(id)?.text ?? '';
    if (typeof text === 'string' && text.startsWith(said)) yield* this.#piece(id, 'reasoning', text.slice(said.length));
  }

  *#piece(id: string, kind: BlockKind, delta: string): Generator<Part, void, void> {
    if (delta === '') return;
    let block = this.#blocks.get(id);
    if (!block) {
      block = { kind, text: '' };
      this.#blocks.set(id, block);
      if (!this.#isWithheld(id)) yield { type: `${kind}-start`, id, ...this.#metadata() };
    }
    block.text += delta;
    if (!this.#isWithheld(id)) yield { type: `${block.kind}-delta`, id, delta };
  }

  *#endBlock(id: string): Generator<Part, void, void> {
    const block = this.#blocks.get(id);
    const withheld = this.#isWithheld(id);
    this.#blocks.delete(id);
    if (block && !withheld) yield { type: `${block.kind}-end`, id, ...this.#metadata() };
  }

  #isWithheld(id: string): boolean {
    return this.#options.withholdsAnswer && this.#blocks.get(id)?.kind === 'text';
  }

  #kindOf(item: ThreadItem): BlockKind {
    const onTheWay = item.type === 'agentMessage' && item.phase != null && item.phase !== 'final_answer';
    return this.#options.json && onTheWay ? 'reasoning' : 'text';
  }

  #call(toolCallId: string, toolName: string, input: unknown): Part {
    const engines = { providerExecuted: true, dynamic: true } as const;
    return { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input), ...engines, ...this.#metadata() };
  }

  *#result(item: ThreadItem): Generator<Part, void, void> {
    const tool = engineTool(item);
    if (!tool) return;
    const { name: toolName, result, isError } = tool;
    yield { type: 'tool-result', toolCallId: item.id, toolName, result, isError, dynamic: true, ...this.#metadata() };
  }

  #metadata(): { providerMetadata: SharedV4ProviderMetadata } {
    return { providerMetadata: this.#options.metadata };
  }
}

function sum(one: TokenUsageBreakdown | undefined, other: TokenUsageBreakdown | undefined) {
  if (!one || !other) return other ?? one;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof TokenUsageBreakdown)[];
  return Object.fromEntries(
    keys.map((key) => [key, Number(one[key] ?? 0) + Number(other[key] ?? 0)]),
  ) as unknown as TokenUsageBreakdown;
}

function usageOf(usage: TokenUsageBreakdown | undefined): LanguageModelV4Usage {
  const { inputTokens, cachedInputTokens, cacheWriteInputTokens, outputTokens, reasoningOutputTokens } = usage ?? {};
  const without = (all?: number, some = 0) => (all === undefined ? undefined : all - some);
  return {
    inputTokens: {
      total: inputTokens,
      noCache: without(inputTokens, cachedInputTokens),
      cacheRead: cachedInputTokens,
      cacheWrite: cacheWriteInputTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: without(outputTokens, reasoningOutputTokens),
      reasoning: reasoningOutputTokens,
    },
    ...(usage && { raw: { ...usage } as JSONObject }),
  };
}
