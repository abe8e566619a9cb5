import { expectedGot } from '../../../native/expected-got.mjs';
import { oneClassInAllCopies } from '../../../native/one-class.mjs';
import { AbortError, CodexError, type CodexErrorKind } from '../../errors/codex-error.ts';
import { callback, count, object, type Rule, type RulesFor } from '../../options/check-options.ts';
import { type AnySchema, checkOutputOptions, type OutputOf } from '../../output/output-options.ts';
import type { TokenUsageBreakdown } from '../../protocol/index.ts';
import type { RunInput } from '../inputs.ts';
import { type TurnOptions, turnRules } from '../turn-options.ts';
import type { TurnResult } from '../turn-result.ts';
import type { WireTurnInput } from '../wire-input.ts';

/** What a function of an automatic run is told besides the result of the turn. */
export interface AutoRunContext {
  /** Which turn this was, from 1; those before a resume count. */
  number: number;
  /** What all turns so far have used. */
  usage: TokenUsageBreakdown;
  /** Milliseconds since the run began; those before a resume count. */
  durationMs: number;
  /** Fires when the run is stopped: by its own signal, or by `maxMs`. The function is not waited for any longer then. */
  signal: AbortSignal;
}

/** Whether the run is done; if it is not, `next` is the next turn's input. `false` stands for `{ next: 'Continue.' }`. */
export type AutoRunVerdict = boolean | { next: RunInput };

/** Judges a turn that has completed. */
export type Until<Output = unknown> = (
  result: TurnResult<Output>,
  context: AutoRunContext,
) => AutoRunVerdict | Promise<AutoRunVerdict>;

/**
 * Why an automatic run has stopped: `until` held; the answer fitted `output`, and there was no `until`; a limit; somebody else interrupted the turn; your
 * signal (`aborted`); an error. The last two are told by an error that carries the result.
 */
export type AutoRunStop = 'until' | 'output' | 'maxTurns' | 'maxTokens' | 'maxMs' | 'interrupted' | 'aborted' | 'error';

/** What is needed to continue a run. Plain data: keep it as JSON, and continue in another process. */
export interface AutoRunState {
  threadId: string;
  /** How many turns have started; those before a resume count, as they do in `usage` and `durationMs`. */
  turnCount: number;
  /** What the turns have used: the sum of their `turnUsage`. */
  usage: TokenUsageBreakdown;
  /** Milliseconds that the run took, without the time between its end and a resume. */
  durationMs: number;
  /** The input that the next turn would have had; null if there is nothing left to do. */
  next: WireTurnInput | null;
}

/** What an automatic run came to. */
export interface AutoRunResult<Output = unknown> extends AutoRunState {
  stoppedBy: AutoRunStop;
  /** The results of this call's turns, in order. One whose answer did not fit `output` has no output. */
  turns: TurnResult<Output | undefined>[];
  /** The output of the last turn that has one. */
  output: Output | undefined;
  /** The last turn's final message; null if there is none. */
  finalResponse: string | null;
}

/** Options of `Thread.autoRun()`; those of a turn apply to each. At least one of `until` and `output` is needed. */
export interface AutoRunOptions<S extends AnySchema = AnySchema> extends Omit<TurnOptions<S>, 'repair'> {
  /** The first turn's input. Needed, unless `resume` has one. */
  input?: RunInput | undefined;
  /**
   * Judges each turn that has completed: `true` ends the run, `false` lets the agent continue, `{ next }` says with what. Of several, the first that does
   * not hold counts. Without it, the run ends with the first answer that fits `output`.
   */
  until?: Until<OutputOf<S>> | readonly Until<OutputOf<S>>[] | undefined;
  /** How many turns there may be. Default: 10. `Infinity` is no limit. */
  maxTurns?: number | undefined;
  /**
   * How many tokens the run may use: input and output of all requests to the model, cached input included. Checked after each request: the one that
   * reaches the limit is the last, and its turn is interrupted. Default: no limit.
   */
  maxTokens?: number | undefined;
  /** How long the run may take, in milliseconds. The running turn is interrupted then. Default: no limit. */
  maxMs?: number | undefined;
  /** Called with each turn's result, before it is judged, and waited for. */
  onTurn?: ((result: TurnResult<OutputOf<S> | undefined>, context: AutoRunContext) => unknown) | undefined;
  /**
   * Stops the run: the running turn is interrupted. Once it has ended, the call rejects with an `AutoRunAbortError`, which carries the result so far.
   */
  signal?: AbortSignal | undefined;
  /** The result of an earlier run of this thread, or its `AutoRunState`, to continue from. Its turns, tokens and time count. */
  resume?: AutoRunState | undefined;
}

/**
 * A turn of an automatic run failed, or one of its functions threw: `cause` is that error, and `result` is what the run came to before. With the result as
 * `resume`, it can be continued.
 */
export class AutoRunError extends CodexError {
  override readonly name: string = 'AutoRunError';
  override readonly kind: CodexErrorKind = 'auto-run';
  readonly result: AutoRunResult;

  constructor(cause: unknown, result: AutoRunResult) {
    const said = cause instanceof Error ? cause.message : String(cause);
    super(`the automatic run stopped after ${turns(result)}: ${said}`, {
      cause,
      action: 'Thread.autoRun',
      retryable: cause instanceof CodexError && cause.retryable,
    });
    this.result = result;
  }
}

/** The signal of an automatic run fired. `result` is what the run came to before; with it as `resume`, it can be continued. */
export class AutoRunAbortError extends AbortError {
  readonly result: AutoRunResult;

  constructor(reason: unknown, result: AutoRunResult) {
    super('Thread.autoRun', reason);
    this.result = result;
  }
}

oneClassInAllCopies({ AutoRunError, AutoRunAbortError });

const turns = ({ turnCount }: AutoRunResult) => (turnCount === 1 ? '1 turn' : `${turnCount} turns`);

const limit = (expected: string, accepts: (value: number) => boolean): Rule => ({
  expected,
  accepts: (value) => typeof value === 'number' && accepts(value),
  nullable: false,
});
const untilRule: Rule = {
  expected: 'a function, or an array of functions',
  accepts: (value) =>
    (Array.isArray(value) && value.length > 0 ? value : [value]).every((one) => typeof one === 'function'),
  nullable: false,
};
/** The loop itself reads it as a turn would. */
const inputRule: Rule = { expected: 'input', accepts: () => true, nullable: false };

const { repair: _, ...rulesOfTurns } = turnRules;

export const autoRunRules: RulesFor<AutoRunOptions> = {
  ...rulesOfTurns,
  input: inputRule,
  until: untilRule,
  maxTurns: count,
  maxTokens: limit('a number above 0', (value) => value > 0),
  maxMs: limit('a number of milliseconds above 0', (value) => value > 0),
  onTurn: callback,
  resume: object,
};

/** @throws TypeError for options that do not say when the run is over, or with what it begins */
export function checkAutoRun(threadId: string, options: AutoRunOptions): void {
  const call = 'Thread.autoRun';
  checkOutputOptions(call, options);
  const refuse = (expected: string, got: string, advice?: string) =>
    new TypeError(expectedGot(`reading the options of ${call}`, expected, got, advice));
  const { until, output, resume, input, repair } = options as AutoRunOptions & { repair?: unknown };
  if (repair !== undefined)
    throw refuse('no repair', 'one', 'Answers that do not fit are asked for again, up to maxTurns');
  if (until === undefined && output == null) throw refuse('until or output', 'neither', 'Say when the run is done');
  if (resume !== undefined) checkState(threadId, resume, refuse);
  if (input === undefined && !resume?.next) {
    const got = resume ? 'a run with nothing left to do' : 'none';
    throw refuse('input', got, 'Give the input of the next turn');
  }
}

function checkState(threadId: string, given: object, refuse: (expected: string, got: string) => TypeError): void {
  const { threadId: of, turnCount, usage, durationMs, next } = given as Partial<AutoRunState>;
  const whole =
    typeof turnCount === 'number' &&
    typeof durationMs === 'number' &&
    typeof usage?.totalTokens === 'number' &&
    (next === null || Array.isArray(next?.input));
  if (!whole) throw refuse('the result of an automatic run as resume', 'another object');
  if (of !== threadId) throw refuse(`resume of the thread ${threadId}`, `that of ${String(of)}`);
}
