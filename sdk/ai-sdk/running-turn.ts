import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import {
  CodexError,
  type Notification,
  StructuredOutputError,
  type ToolContent,
  type TurnHandle,
  type TurnResult,
} from '../index.ts';
import type { UserInput } from '../protocol/index.ts';
import { StepParts } from './step-parts.ts';
import type { ToolCalls } from './tool-calls.ts';

/** How long further calls are waited for in a thread whose engine does not tell when the model has said all. */
const graceMs = 100;

/** What a turn is run with. */
export interface TurnSetup {
  /** Names of the tools that the program calls itself. */
  programTools: ReadonlySet<string>;
  json: boolean;
  withholdsAnswer: boolean;
  /** How long the turn waits for the results of its calls, in milliseconds. 0: for as long as it takes. */
  toolTimeoutMs: number;
  /** Stops the turn. */
  stop: AbortController;
  /** Called when no more can come of it. @param error what has ended it, if it was not its own end */
  onEnd(turn: RunningTurn, completed: boolean, error?: unknown): void;
}

/** A turn of the engine as the steps of the AI SDK: it waits between two steps, until the program has the results of its tools. */
export class RunningTurn {
  readonly threadId: string;
  readonly id: string;
  readonly #handle: TurnHandle<unknown>;
  readonly #setup: TurnSetup;
  readonly #calls: ToolCalls;
  readonly #events: AsyncGenerator<Notification, void, void>;
  #next: Promise<IteratorResult<Notification, void>> | undefined;
  /** Calls that no step has an answer for. */
  #open = new Set<string>();
  #unlink = () => {};
  #stopWaiting = () => {};
  #ended = false;

  constructor(handle: TurnHandle<unknown>, calls: ToolCalls, setup: TurnSetup) {
    this.threadId = handle.threadId;
    this.id = handle.id;
    this.#handle = handle;
    this.#calls = calls;
    this.#setup = setup;
    this.#events = handle.stream({ signal: setup.stop.signal });
  }

  get openCalls(): ReadonlySet<string> {
    return this.#open;
  }

  /** Stops it. What reads it fails with the reason. */
  stop(reason: unknown): void {
    this.#setup.stop.abort(reason);
    this.#end(false);
  }

  /** From now on, this signal stops it: that of the call that runs, and of the tools after it. */
  link(signal: AbortSignal | undefined): void {
    this.#unlink();
    this.#unlink = onAbort(signal, () => this.stop(signal?.reason));
    if (signal?.aborted) this.stop(signal.reason);
  }

  /** Continues with the results of its calls, and with what the user has said meanwhile. */
  async continue(results: ReadonlyMap<string, ToolContent>, input: readonly UserInput[]): Promise<void> {
    this.#stopWaiting();
    if (input.length > 0) await this.#handle.steer(input);
    for (const id of this.#open) this.#calls.answer(this.threadId, id, results.get(id) ?? unanswered);
    this.#open = new Set();
  }

  /**
   * The parts up to the next calls of the program's tools, or the end.
   * @throws the reason of an abort; what `TurnHandle.result()` throws
   */
  async *step(raw: boolean): AsyncGenerator<LanguageModelV4StreamPart, void, void> {
    const { programTools, json, withholdsAnswer, stop } = this.#setup;
    const metadata = { codex: { threadId: this.threadId, turnId: this.id } };
    const parts = new StepParts({ programTools, json, withholdsAnswer, raw, metadata });
    try {
      let completed = false;
      while (!completed && !(parts.calls.size > 0 && parts.isWhole)) {
        const event = await this.#event(parts);
        if (event === undefined) break;
        yield* parts.take(event);
        completed = event.method === 'turn/completed';
      }
      yield* parts.end();
      const waits = parts.calls.size > 0 && !completed;
      const finishReason = waits ? this.#hold(parts.calls) : yield* this.#last();
      yield { type: 'finish', finishReason, usage: parts.usage, providerMetadata: metadata };
    } catch (error) {
      this.#end(false, error);
      throw stop.signal.aborted ? stop.signal.reason : error;
    }
  }

  /** The next event; undefined at the end, and when no more calls come. */
  async #event(parts: StepParts): Promise<Notification | undefined> {
    this.#next ??= this.#events.next();
    const waitsForMore = parts.calls.size > 0 && !parts.tellsWhole;
    const found = waitsForMore ? await Promise.race([this.#next, after(graceMs)]) : await this.#next;
    if (found === undefined) return undefined;
    this.#next = undefined;
    return found.done ? undefined : found.value;
  }

  #hold(calls: ReadonlySet<string>): LanguageModelV4FinishReason {
    this.#open = new Set(calls);
    // An engine that dies meanwhile is noticed at once, so that the results go to a new thread.
    this.#next ??= this.#events.next();
    this.#next.catch((error: unknown) => this.#end(false, error));
    const { toolTimeoutMs } = this.#setup;
    this.#stopWaiting = startDeadline(toolTimeoutMs, undefined, () =>
      this.stop(new CodexError(`the results of tools took longer than ${toolTimeoutMs} ms`, { kind: 'timeout' })),
    );
    return { unified: 'tool-calls', raw: 'item/tool/call' };
  }

  async *#last(): AsyncGenerator<LanguageModelV4StreamPart, LanguageModelV4FinishReason, void> {
    const result = await this.#result();
    if (this.#setup.withholdsAnswer && result.finalResponse !== null) {
      const id = `${this.id}:answer`;
      // As the schema has it: what is optional, the model has written as null.
      const delta = result.output === undefined ? result.finalResponse : JSON.stringify(result.output);
      yield { type: 'text-start', id };
      yield { type: 'text-delta', id, delta };
      yield { type: 'text-end', id };
    }
    this.#end(result.status === 'completed');
    return { unified: reasons[result.status] ?? 'other', raw: result.status };
  }

  async #result(): Promise<TurnResult> {
    try {
      return await this.#handle.result();
    } catch (error) {
      // The AI SDK checks the answer itself, and has an error of its own with the text.
      if (error instanceof StructuredOutputError) return error.result;
      throw error;
    }
  }

  #end(completed: boolean, error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#open = new Set();
    this.#unlink();
    this.#stopWaiting();
    this.#setup.onEnd(this, completed, error);
  }
}

const reasons: Readonly<Record<string, LanguageModelV4FinishReason['unified']>> = {
  completed: 'stop',
  interrupted: 'interrupted',
};

const unanswered: ToolContent = {
  content: [{ type: 'text', text: 'The program has no result for this call.' }],
  isError: true,
};

const after = (ms: number): Promise<undefined> =>
  new Promise((resolve) => void setTimeout(() => resolve(undefined), ms));
