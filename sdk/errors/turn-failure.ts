import type { TurnResult } from '../client/turn-result.ts';
import { AuthError } from './auth-error.ts';
import { isRefusedLogin } from './turn-error-info.ts';
import { TurnFailedError } from './turn-failed-error.ts';

/** The error for a turn that failed. */
export function turnFailure(result: TurnResult): TurnFailedError {
  return isRefusedLogin(result.error?.codexErrorInfo) ? new AuthError(result) : new TurnFailedError(result);
}
