import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { expectedGot } from '../../native/expected-got.mjs';
import { onAbort } from '../host/on-abort.ts';
import {
  Codex,
  CodexError,
  type Thread,
  type ThreadStartOptions,
  type Tool,
  TransportClosedError,
  tool,
  withJsonSchema,
} from '../index.ts';
import type { JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { keepNewest } from '../rpc/keep-newest.ts';
import type { CodexCallSettings } from './call-settings.ts';
import type { CodexProviderOptions } from './provider-options.ts';
import { type ReadPrompt, readPrompt } from './read-prompt.ts';
import { RunningTurn, type TurnSetup } from './running-turn.ts';
import { ToolCalls } from './tool-calls.ts';

/** How many threads are remembered, so that they can be continued. */
const remembered = 1000;

/** A thread that this provider has started or resumed. */
interface KnownThread {
  thread: Thread;
  /** The last turn that completed: a prompt that ends with it continues the thread. */
  lastTurnId: string | undefined;
  /** What it was started with, and keeps. */
  startedWith: string;
  /** A turn runs. */
  busy: boolean;
}

/** Which thread and which turn a prompt belongs to. */
export class Conversations {
  readonly #options: CodexProviderOptions;
  readonly #threads = new Map<string, KnownThread>();
  readonly #running = new Set<RunningTurn>();
  readonly #calls = new ToolCalls();
  #client: Codex | undefined;

  constructor(options: CodexProviderOptions) {
    this.#options = options;
  }

  /**
   * The turn that answers a prompt: one that waits for the results in it, or a new one, on the thread that the prompt continues or a new one.
   * @throws the reason of an abort; what `Codex.threadStart()`, `threadResume()` and `Thread.turn()` throw
   */
  async turnFor(model: string, settings: CodexCallSettings, call: LanguageModelV4CallOptions): Promise<RunningTurn> {
    const { abortSignal } = call;
    abortSignal?.throwIfAborted();
    const prompt = readPrompt(call.prompt);
    const waiting = this.#waitingFor(prompt);
    if (waiting) {
      waiting.link(abortSignal);
      await waiting.continue(prompt.results, prompt.input);
      return waiting;
    }
    const functions =
      call.toolChoice?.type === 'none' ? [] : (call.tools ?? []).filter(({ type }) => type === 'function');
    try {
      const known = await this.#threadFor(prompt, settings, functions as LanguageModelV4FunctionTool[], abortSignal);
      try {
        return await this.#start(known, model, settings, call, prompt, new Set(functions.map(({ name }) => name)));
      } catch (error) {
        this.#threads.delete(known.thread.id);
        throw error;
      }
    } catch (error) {
      throw abortSignal?.aborted ? abortSignal.reason : error;
    }
  }

  /** A call has failed: an engine that is gone is replaced at the next one, if it is the provider's own. */
  failed(error: unknown): void {
    if (!(error instanceof TransportClosedError) || this.#client === this.#options.client) return;
    void this.#client?.close();
    this.#client = undefined;
    this.#threads.clear();
  }

  /** Stops every turn, and the engine if this provider has started it. */
  async close(): Promise<void> {
    for (const turn of this.#running) turn.stop(new DOMException('the provider was closed', 'AbortError'));
    this.#threads.clear();
    const client = this.#client;
    this.#client = undefined;
    if (client !== this.#options.client) await client?.close();
  }

  get #codex(): Codex {
    this.#client ??= this.#options.client ?? new Codex(this.#options.config);
    return this.#client;
  }

  /** Other threads may have calls of the same id: the engine takes the model's. */
  #waitingFor({ calls }: ReadPrompt): RunningTurn | undefined {
    return [...this.#running].find(({ openCalls, threadId }) =>
      calls.some(({ id, mark }) => openCalls.has(id) && (mark === undefined || mark.threadId === threadId)),
    );
  }

  /** It is busy from the moment that it is found: another call may come before its turn has been started. */
  async #threadFor(
    prompt: ReadPrompt,
    { threadId }: CodexCallSettings,
    functions: readonly LanguageModelV4FunctionTool[],
    signal: AbortSignal | undefined,
  ): Promise<KnownThread> {
    const startedWith = JSON.stringify([prompt.instructions, functions]);
    if (threadId !== undefined) {
      const known = this.#idle(threadId);
      if (known && known.startedWith === startedWith) return taken(known);
      const { approvals, onDenial, onDecision, onUserInput, onElicitation, onPermissions } = this.#options.thread ?? {};
      const thread = await this.#codex.threadResume(threadId, {
        ...{ approvals, onDenial, onDecision, onUserInput, onElicitation, onPermissions, signal },
        tools: this.#toolsOf(functions),
      });
      // Another call may have resumed it meanwhile.
      this.#idle(threadId);
      return this.#remember(thread, startedWith);
    }
    const { mark, calls } = prompt;
    const before = mark && this.#threads.get(mark.threadId);
    const continues = before && before.lastTurnId === mark.turnId && before.startedWith === startedWith;
    if (continues && !before.busy && calls.length === 0) return taken(before);
    return await this.#begin(prompt, functions, startedWith, signal);
  }

  /** @throws CodexError if a turn of the thread runs */
  #idle(threadId: string): KnownThread | undefined {
    const known = this.#threads.get(threadId);
    if (!known?.busy) return known;
    const advice = 'Give the results of its tools, or wait for its end';
    throw new CodexError(
      expectedGot(`continuing thread ${threadId}`, 'one without a turn', 'a turn that runs', advice),
    );
  }

  /** A new thread, with what was said before. */
  async #begin(
    { instructions, history }: ReadPrompt,
    functions: readonly LanguageModelV4FunctionTool[],
    startedWith: string,
    signal: AbortSignal | undefined,
  ): Promise<KnownThread> {
    const { developerInstructions, ...options } = this.#options.thread ?? {};
    const said = [developerInstructions, instructions].filter((one) => one != null);
    const start: ThreadStartOptions = {
      ...options,
      ...(said.length > 0 && { developerInstructions: said.join('\n\n') }),
      tools: this.#toolsOf(functions),
      experimentalRawEvents: true,
      signal,
    };
    const thread = await this.#codex.threadStart(start);
    if (history.length > 0)
      await this.#codex.request('thread/inject_items', { threadId: thread.id, items: history }, { signal });
    return this.#remember(thread, startedWith);
  }

  #remember(thread: Thread, startedWith: string): KnownThread {
    const known = { thread, startedWith, lastTurnId: undefined, busy: true };
    keepNewest(this.#threads.set(thread.id, known), remembered);
    return known;
  }

  async #start(
    known: KnownThread,
    model: string,
    { threadId: _, ...settings }: CodexCallSettings,
    { responseFormat, abortSignal }: LanguageModelV4CallOptions,
    { input }: ReadPrompt,
    programTools: ReadonlySet<string>,
  ): Promise<RunningTurn> {
    const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined;
    const stop = new AbortController();
    const stopListening = onAbort(abortSignal, () => stop.abort(abortSignal?.reason));
    const setup: TurnSetup = {
      programTools,
      json: schema !== undefined,
      withholdsAnswer: schema !== undefined && hasOptional(schema),
      toolTimeoutMs: this.#options.toolTimeoutMs ?? 600_000,
      stop,
      onEnd: (turn, completed, error) => {
        this.#running.delete(turn);
        known.busy = false;
        known.lastTurnId = completed ? turn.id : undefined;
        this.failed(error);
      },
    };
    try {
      const handle = await known.thread.turn(input, {
        ...settings,
        ...(model !== defaultModel && { model }),
        ...(schema !== undefined && { output: withJsonSchema(anything, schema) }),
        signal: stop.signal,
      });
      const turn = new RunningTurn(handle, this.#calls, setup);
      this.#running.add(turn);
      turn.link(abortSignal);
      return turn;
    } finally {
      stopListening();
    }
  }

  #toolsOf(functions: readonly LanguageModelV4FunctionTool[]): Tool[] {
    const own = functions.map(({ name, description = '', inputSchema }) =>
      tool({
        name,
        description,
        // The AI SDK checks the arguments, and gives the model its own answer about them.
        inputSchema: withJsonSchema(anything, { type: 'object', ...inputSchema }),
        execute: (_args, { callId, threadId = '', signal }) => this.#calls.ask(threadId, callId, signal),
        timeoutMs: 0,
      }),
    );
    return [...(this.#options.thread?.tools ?? []), ...own];
  }
}

function taken(known: KnownThread): KnownThread {
  known.busy = true;
  return known;
}

/** The id of a model that stands for what the engine's settings say. */
export const defaultModel = 'default';

/** Lets every value through. */
const anything = {
  '~standard': { version: 1, vendor: 'twinproof', validate: (value: unknown) => ({ value }) },
} as const;

/** Whether a property may be missing: the model's service makes it write null there. */
function hasOptional(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(hasOptional);
  if (!isObject(schema)) return false;
  const { properties, required } = schema as JsonObject;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const always = Array.isArray(required) ? required : [];
  return names.some((name) => !always.includes(name)) || Object.values(schema).some(hasOptional);
}
