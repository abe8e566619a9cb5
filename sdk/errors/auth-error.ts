import type { CodexErrorKind } from './codex-error.ts';
import { TurnFailedError } from './turn-failed-error.ts';

/**
 * A turn failed because nobody is logged in, or the model's provider does not accept the login or the key. A kind of `TurnFailedError`, which is what
 * Python's plain `RuntimeError` answers to. Refused logins are no error: see `success` of what a login handle's `wait()` resolves to.
 */
export class AuthError extends TurnFailedError {
  override readonly name: string = 'AuthError';
  override readonly kind: CodexErrorKind = 'auth';
}
