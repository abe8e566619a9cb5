import { expectedGot } from '../../../native/expected-got.mjs';
import { CodexError } from '../../errors/codex-error.ts';
import { startDeadline } from '../../host/deadline.ts';
import { eitherSignal, onAbort } from '../../host/on-abort.ts';
import { shown } from '../../options/check-options.ts';
import { OutputError, repairPrompt } from '../../output/output-error.ts';
import { isObject } from '../../rpc/is-object.ts';
import { addUsage, noUsage, spentBy } from '../../rpc/turn-usage.ts';
import { ExternalMessage, type RunInput } from '../inputs.ts';
import type { TurnHandle } from '../turn-handle.ts';
import type { TurnOptions } from '../turn-options.ts';
import type { TurnResult } from '../turn-result.ts';
import { type WireTurnInput, wireTurnInput } from '../wire-input.ts';
import {
  AutoRunAbortError,
  type AutoRunContext,
  AutoRunError,
  type AutoRunOptions,
  type AutoRunResult,
  type AutoRunStop,
  type Until,
} from './options.ts';

/** What `until` leaves to the loop to say. */
const continuePrompt = 'Continue.';

const defaultMaxTurns = 10;

/** How long an interrupted turn may take to end: longer than its interrupt is tried. The engine may be gone, or hang. */
const endMs = 12_000;

interface Turns {
  readonly id: string;
  turn(input: RunInput, options: TurnOptions): Promise<TurnHandle>;
}

/** Runs turns until they are judged to be enough, or a limit is reached. @throws what `Thread.autoRun()` throws */
export async function autoRun(thread: Turns, options: AutoRunOptions): Promise<AutoRunResult> {
  const loop = new Loop(thread, options);
  try {
    return await loop.run();
  } finally {
    loop.end();
  }
}

class Loop {
  readonly #thread: Turns;
  readonly #options: AutoRunOptions;
  /** What the options say of each turn. */
  readonly #turnOptions: object;
  readonly #until: readonly Until[];
  readonly #began = performance.now();
  readonly #beforeMs: number;
  readonly #turns: TurnResult[] = [];
  #turnCount: number;
  #usage = noUsage();
  #next: WireTurnInput | null;
  /** Stops everything: the running turn and the functions of the program. */
  readonly #stop = new AbortController();
  #stoppedBy: 'aborted' | 'maxMs' | undefined;
  readonly #stopListening: () => void;
  #stopTimer = () => {};

  constructor(thread: Turns, options: AutoRunOptions) {
    const { input, until, maxTurns: _turns, maxTokens: _tokens, maxMs, onTurn: _, signal, resume, ...rest } = options;
    this.#thread = thread;
    this.#options = options;
    this.#turnOptions = rest;
    this.#until = until === undefined ? [] : Array.isArray(until) ? until : [until as Until];
    this.#turnCount = resume?.turnCount ?? 0;
    this.#usage = resume ? addUsage(this.#usage, resume.usage) : this.#usage;
    this.#beforeMs = resume?.durationMs ?? 0;
    this.#next = input === undefined ? (resume?.next ?? null) : wireTurnInput(input);
    this.#stopListening = onAbort(signal, () => this.#end('aborted', signal?.reason));
    if (signal?.aborted) this.#end('aborted', signal.reason);
    if (maxMs === undefined) return;
    const leftMs = maxMs - this.#beforeMs;
    const onTime = () => this.#end('maxMs', new CodexError(`the ${maxMs} ms of the automatic run are over`));
    if (leftMs > 0) this.#stopTimer = startDeadline(leftMs, this.#began, onTime);
    else onTime();
  }

  end(): void {
    this.#stopListening();
    this.#stopTimer();
  }

  async run(): Promise<AutoRunResult> {
    const stoppedBy = await this.#run().catch((error: unknown) => {
      if (this.#stoppedBy) return this.#stoppedBy;
      throw new AutoRunError(error, this.#result('error'));
    });
    if (stoppedBy !== 'aborted') return this.#result(stoppedBy);
    throw new AutoRunAbortError(this.#options.signal?.reason, this.#result('aborted'));
  }

  async #run(): Promise<AutoRunStop> {
    for (;;) {
      const over = this.#limit();
      if (over) return over;
      const { result, failure, cut } = await this.#turn(runInput(this.#next));
      if (this.#stoppedBy) return this.#stoppedBy;
      if (failure !== undefined && !(failure instanceof OutputError)) throw failure;
      if (result?.status === 'interrupted') return cut ? 'maxTokens' : 'interrupted';
      const done = failure instanceof OutputError ? this.#correct(failure) : await this.#judge(result as TurnResult);
      if (done) return done;
    }
  }

  #limit(): AutoRunStop | undefined {
    if (this.#stoppedBy) return this.#stoppedBy;
    const { maxTurns = defaultMaxTurns, maxTokens = Infinity } = this.#options;
    if (this.#turnCount >= maxTurns) return 'maxTurns';
    return this.#usage.totalTokens >= maxTokens ? 'maxTokens' : undefined;
  }

  /** One turn, to its end. `cut`: it was interrupted because of its tokens. */
  async #turn(input: RunInput): Promise<{ result?: TurnResult; failure?: unknown; cut: boolean }> {
    const tokens = new AbortController();
    const signal = eitherSignal(this.#stop.signal, tokens.signal);
    const turn = await this.#thread.turn(input, { ...this.#turnOptions, signal });
    this.#turnCount += 1;
    // The thread has the input from here on, whatever becomes of the turn.
    this.#next = wireTurnInput(continuePrompt);
    const watching = this.#watch(turn, tokens);
    let failure: unknown;
    let result: TurnResult | undefined;
    try {
      result = await this.#ended(turn);
    } catch (error) {
      failure = error;
      result = resultIn(error);
    }
    await watching;
    const cut = tokens.signal.aborted;
    if (!result) return { failure, cut };
    this.#turns.push(result);
    if (result.turnUsage) this.#usage = addUsage(this.#usage, result.turnUsage);
    await this.#tell(result);
    return { result, failure, cut };
  }

  /** Reads what the turn uses while it runs; its other events are of no interest. */
  async #watch(turn: TurnHandle, tokens: AbortController): Promise<void> {
    const left = (this.#options.maxTokens ?? Infinity) - this.#usage.totalTokens;
    const stop = new AbortController();
    const letGo = afterStop(this.#stop.signal, () => stop.abort());
    try {
      for await (const { method, payload } of turn.stream({ signal: stop.signal })) {
        if (method !== 'thread/tokenUsage/updated' || !isObject(payload.tokenUsage)) continue;
        if ((spentBy(payload.tokenUsage)?.usage.totalTokens ?? 0) >= left) tokens.abort();
      }
    } catch {
      // The turn's result tells the same.
    } finally {
      letGo();
    }
  }

  /** The turn's result. Once the run is stopped, it is not waited for without end. */
  async #ended(turn: TurnHandle): Promise<TurnResult> {
    const stop = new AbortController();
    const letGo = afterStop(this.#stop.signal, () => stop.abort());
    try {
      return await turn.result({ signal: stop.signal });
    } finally {
      letGo();
    }
  }

  async #tell(result: TurnResult): Promise<void> {
    const { onTurn } = this.#options;
    if (onTurn) await this.#unlessStopped(() => onTurn(result as TurnResult<undefined>, this.#context()));
  }

  async #judge(result: TurnResult): Promise<AutoRunStop | undefined> {
    for (const until of this.#until) {
      const verdict = await this.#unlessStopped(() => until(result, this.#context()));
      if (this.#stoppedBy) return this.#stoppedBy;
      if (verdict === true) continue;
      if (verdict === false) return undefined;
      if (!isObject(verdict) || !('next' in verdict)) {
        const got = shown(verdict);
        throw new TypeError(expectedGot('reading the answer of until', 'true, false or an object with next', got));
      }
      this.#next = wireTurnInput(verdict.next as RunInput);
      return undefined;
    }
    this.#next = null;
    return this.#until.length > 0 ? 'until' : 'output';
  }

  /** @throws the error, if another answer would not help */
  #correct(failure: OutputError): AutoRunStop | undefined {
    if (failure.reason === 'interrupted') return 'interrupted';
    const prompt = repairPrompt(failure);
    if (prompt === undefined) throw failure;
    this.#next = wireTurnInput(prompt);
    return undefined;
  }

  /** What a function of the program returns. One that does not return is left when the run is stopped. */
  async #unlessStopped(work: () => unknown): Promise<unknown> {
    const { signal } = this.#stop;
    const working = (async () => await work())();
    working.catch(() => {});
    if (signal.aborted) return undefined;
    let letGo = () => {};
    const stopped = new Promise<undefined>((resolve) => {
      letGo = onAbort(signal, () => resolve(undefined));
    });
    return await Promise.race([working, stopped]).finally(letGo);
  }

  #context(): AutoRunContext {
    const { turnCount: number, usage, durationMs } = this.#state();
    return { number, usage, durationMs, signal: this.#stop.signal };
  }

  #state() {
    return {
      threadId: this.#thread.id,
      turnCount: this.#turnCount,
      usage: { ...this.#usage },
      durationMs: Math.round(this.#beforeMs + performance.now() - this.#began),
      next: this.#next,
    };
  }

  #result(stoppedBy: AutoRunStop): AutoRunResult {
    const withOutput = this.#turns.findLast((turn) => turn.output !== undefined);
    return {
      ...this.#state(),
      stoppedBy,
      turns: this.#turns,
      output: withOutput?.output,
      finalResponse: this.#turns.at(-1)?.finalResponse ?? null,
    };
  }

  #end(by: 'aborted' | 'maxMs', reason: unknown): void {
    if (this.#stoppedBy) return;
    this.#stoppedBy = by;
    this.#stop.abort(reason);
  }
}

/** Calls `then` when the time after a stop is over. The result takes it back. */
function afterStop(signal: AbortSignal, then: () => void): () => void {
  let stopTimer = () => {};
  const begin = () => {
    stopTimer = startDeadline(endMs, undefined, then);
  };
  const stopListening = onAbort(signal, begin);
  if (signal.aborted) begin();
  return () => {
    stopListening();
    stopTimer();
  };
}

function runInput(wire: WireTurnInput | null): RunInput {
  const { input = [], toolOutput } = wire ?? {};
  if (!toolOutput) return input;
  return new ExternalMessage(toolOutput.name, toolOutput.output as string, toolOutput.namespace ?? null);
}

/** What a turn came to that failed, was refused something, or has no output. */
function resultIn(error: unknown): TurnResult | undefined {
  const { result }: { result?: unknown } = error instanceof CodexError && 'result' in error ? error : {};
  return isObject(result) ? (result as unknown as TurnResult) : undefined;
}
