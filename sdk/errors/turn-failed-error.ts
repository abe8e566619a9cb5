import type { TurnResult } from '../client/turn-result.ts';
import { CodexError, type CodexErrorKind } from './codex-error.ts';
import { isPassing } from './turn-error-info.ts';

/**
 * `run()` on a turn whose status is `failed` (Python: a plain `RuntimeError` with the same text).
 * `result` holds what the turn produced before it failed; `result.error.codexErrorInfo` is the engine's word for the cause.
 */
export class TurnFailedError extends CodexError {
  override readonly name: string = 'TurnFailedError';
  override readonly kind: CodexErrorKind = 'turn-failed';
  readonly result: TurnResult;

  constructor(result: TurnResult) {
    super(result.error?.message || `turn failed with status ${result.status}`, {
      action: `turn ${result.id}`,
      retryable: isPassing(result.error?.codexErrorInfo),
    });
    this.result = result;
  }
}
