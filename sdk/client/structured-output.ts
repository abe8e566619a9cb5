import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { type FailedOutput, OutputError } from '../output/output-error.ts';
import type { AnySchema, OutputOf } from '../output/output-options.ts';
import type { ThreadItem } from '../protocol/index.ts';
import { type Limits, orAbort } from '../rpc/limits.ts';
import { addUsage } from '../rpc/turn-usage.ts';
import type { Schema } from '../schema/standard-schema.ts';
import type { TurnOptions } from './turn-options.ts';
import { TurnFailedError, type TurnResult } from './turn-result.ts';

/**
 * A turn with the option `output` completed or was interrupted, and its answer is no value of the schema. `text` is the
 * final message, `issues` say what is wrong with it, and `result` and `items` are what happened in the turn, with
 * those of the turns that should have repaired it. A turn that failed is a `TurnFailedError` instead.
 */
export class StructuredOutputError extends OutputError {
  /** What the turn came to, without an output. */
  readonly result: TurnResult;
  /** The items of `result`. */
  readonly items: readonly ThreadItem[];

  constructor(failed: FailedOutput, result: TurnResult) {
    super(failed, `turn ${result.id}`);
    this.result = result;
    this.items = result.items;
  }
}

oneClassInAllCopies({ StructuredOutputError });

/** Completes a turn's result. */
export type Answer<Output> = (result: TurnResult, signal?: AbortSignal) => Promise<TurnResult<Output>>;

/** Of a turn that was not asked for an output. */
export const withoutOutput: Answer<undefined> = async (result) => result as TurnResult<undefined>;

/** A turn's output schema for the engine, and what completes the turn's result with its output. */
export interface TypedTurn<T> {
  outputSchema: object;
  answer: Answer<T>;
}

interface Turns {
  turn(prompt: string, options: TurnOptions): Promise<{ run(options: Limits): Promise<TurnResult> }>;
}

/**
 * Prepares a turn for its output; undefined if its options ask for none.
 * @throws TypeError for a schema that the model's service would refuse
 */
export async function typedTurn<S extends AnySchema>(
  thread: Turns,
  options: TurnOptions<S>,
): Promise<TypedTurn<OutputOf<S>> | undefined> {
  const { output, repair = 0, ...rest } = options;
  if (output == null) return undefined;
  const { prepareOutput } = await import('../output/prepare-output.ts');
  const { withOutput } = await import('../output/read-output.ts');
  const prepared = await prepareOutput<Schema>(output);
  const outputSchema = prepared.schema;
  const turns = {
    text: ({ finalResponse }: TurnResult) => finalResponse,
    isInterrupted: ({ status }: TurnResult) => status === 'interrupted',
    run: async (prompt: string) => {
      const turn = await thread.turn(prompt, { ...rest, outputSchema });
      return await turn.run({ signal: options.signal });
    },
    isTurnFailure: (error: unknown) => error instanceof TurnFailedError,
    combined,
    error: (failed: FailedOutput, result: TurnResult) => new StructuredOutputError(failed, result),
  };
  // One for all who wait, since it may take another turn.
  let answer: Promise<TurnResult<unknown>> | undefined;
  return {
    outputSchema,
    answer: async (result, signal) => {
      answer ??= withOutput(result, prepared, repair, turns);
      const waiting = orAbort(`reading the output of turn ${result.id}`, answer, { signal });
      return (await waiting) as TurnResult<OutputOf<S>>;
    },
  };
}

function combined(first: TurnResult, second: TurnResult): TurnResult {
  const durations = [first.durationMs, second.durationMs].filter((ms) => ms !== null);
  return {
    ...second,
    startedAt: first.startedAt,
    durationMs: durations.length === 2 ? durations.reduce((sum, ms) => sum + ms, 0) : null,
    items: [...first.items, ...second.items],
    usage: second.usage ?? first.usage,
    turnUsage:
      first.turnUsage && second.turnUsage
        ? addUsage(first.turnUsage, second.turnUsage)
        : (second.turnUsage ?? first.turnUsage),
    denials: [...first.denials, ...second.denials],
  };
}
