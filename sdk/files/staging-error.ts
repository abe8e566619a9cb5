import { expectedGot } from '../../native/expected-got.mjs';
import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { CodexError, type CodexErrorKind } from '../errors/codex-error.ts';

/**
 * What was wrong: the file is larger than `maxBytes`, or of none of the `types`; the source is not a file that can be read, or
 * failed while it was read; the engine's home cannot be written to safely, or has no room.
 */
export type StagingFailure = 'too-large' | 'type' | 'source' | 'home' | 'no-room';

/** A file could not be staged. Nothing of it is left. */
export class StagingError extends CodexError {
  override readonly name: string = 'StagingError';
  override readonly kind: CodexErrorKind = 'staging';
  readonly reason: StagingFailure;

  constructor(
    reason: StagingFailure,
    expected: string,
    got: string,
    { advice, cause, file }: { advice?: string; cause?: unknown; file: string },
  ) {
    const action = `staging ${file}`;
    super(expectedGot(action, expected, got, advice), {
      action,
      retryable: reason === 'no-room',
      ...(cause !== undefined && { cause }),
    });
    this.reason = reason;
  }
}

oneClassInAllCopies({ StagingError });
