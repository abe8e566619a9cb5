import { CodexError, type CodexErrorKind } from './codex-error.ts';

/**
 * The caller's AbortSignal fired (Python: `asyncio.CancelledError`). `cause` is the signal's reason.
 * Named `AbortError`, as the platform's own is, so that code which asks for that name keeps working.
 */
export class AbortError extends CodexError {
  override readonly name: string = 'AbortError';
  override readonly kind: CodexErrorKind = 'aborted';

  constructor(action: string, reason: unknown) {
    super(`${action} was aborted`, { cause: reason, action });
  }
}
