import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservedError } from '../../observation/types.ts';

/**
 * An error as observed: class name, message, number and data of an error answer, causes from the outermost. A string
 * `code` (Node's `ENOENT`) is left out, because Python's exceptions have nothing to compare it with.
 */
export function observedError(error: unknown, isRetryable: (error: unknown) => boolean): ObservedError {
  if (!(error instanceof Error)) return { class: typeof error, message: String(error), retryable: isRetryable(error) };
  const observed: ObservedError = { class: error.name, message: error.message };
  if ('code' in error && typeof error.code === 'number') observed.code = error.code;
  if ('data' in error && error.data !== undefined && error.data !== null) observed.data = error.data as JsonValue;
  observed.retryable = isRetryable(error);
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 20; cause = cause.cause)
    causes.push(cause.name);
  if (causes.length > 0) observed.causes = causes;
  return observed;
}
