import { oneClassInAllCopies } from '../../native/one-class.mjs';
import type { CodexErrorKind } from '../errors/codex-error.ts';
import { LaunchError } from '../errors/connection-errors.ts';

/** Codes of the system, and HTTP statuses, after which the same attempt may succeed a little later. */
const passing: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
  429,
  502,
  503,
  504,
]);

/**
 * The running engine could not be reached, or what answered is not an app-server: nobody listens, no answer in time, an
 * HTTP answer other than 101, a redirect. Nothing was sent to the engine. `retryable` says whether the reason may pass,
 * as when the engine is still starting.
 */
export class ConnectError extends LaunchError {
  override readonly name: string = 'ConnectError';
  override readonly kind: CodexErrorKind = 'connect';
  /** The HTTP status of an answer that is not 101. */
  readonly status: number | undefined;

  constructor(message: string, details: { cause?: unknown; status?: number | undefined; passing?: boolean } = {}) {
    const { cause, status } = details;
    const code = cause instanceof Error && 'code' in cause ? cause.code : status;
    const retryable = details.passing ?? passing.has(code);
    super(message, { ...('cause' in details && { cause }), action: 'connecting to the app-server', retryable });
    this.status = status;
  }
}

/**
 * The app-server refused the connection with 401 or 403: the token is missing or wrong. Trying again with the same token
 * does not help; a token from a file or a function is read again at each attempt.
 */
export class UnauthorizedError extends ConnectError {
  override readonly name: string = 'UnauthorizedError';
  override readonly kind: CodexErrorKind = 'unauthorized';
}

oneClassInAllCopies({ ConnectError, UnauthorizedError });
