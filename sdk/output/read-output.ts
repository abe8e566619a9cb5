import { type FailedOutput, type OutputError, repairPrompt } from './output-error.ts';
import type { PreparedOutput } from './prepare-output.ts';

/** What reading the output of a turn needs of its transport. */
export interface OutputTurns<Result extends object> {
  /** The text of the final message; null if there was none. */
  text(result: Result): string | null;
  isInterrupted(result: Result): boolean;
  /** One more turn, for the same schema. */
  run(prompt: string): Promise<Result>;
  /** Whether the engine reported that a turn failed. */
  isTurnFailure(error: unknown): boolean;
  /** The result of both turns: what happened in each, and the end of the second. */
  combined(first: Result, second: Result): Result;
  error(failed: FailedOutput, result: Result): OutputError;
}

/**
 * The result of a turn with its output. An answer that does not fit is corrected in up to `repair` more turns.
 * @throws OutputError for an answer that gives no output; whatever `run` throws, except that a turn which failed is the
 * cause of the OutputError before it
 */
export async function withOutput<Result extends object, T>(
  first: Result,
  prepared: PreparedOutput<T>,
  repair: number,
  turns: OutputTurns<Result>,
): Promise<Result & { output: T }> {
  let result = first;
  let last = first;
  let before: OutputError | undefined;
  for (let left = repair; ; left -= 1) {
    const text = turns.text(last);
    const read = turns.isInterrupted(last)
      ? { reason: 'interrupted' as const, text, issues: [] }
      : await prepared.read(text);
    if ('output' in read) return { ...result, output: read.output };
    const failure = turns.error(before && !('cause' in read) ? { ...read, cause: before } : read, result);
    const prompt = left > 0 ? repairPrompt(read) : undefined;
    if (prompt === undefined) throw failure;
    try {
      last = await turns.run(prompt);
    } catch (error) {
      if (turns.isTurnFailure(error)) throw turns.error({ ...read, cause: error }, result);
      throw error;
    }
    before = failure;
    result = turns.combined(result, last);
  }
}
