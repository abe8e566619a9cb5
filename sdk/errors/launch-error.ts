import { CodexError, type CodexErrorDetails, type CodexErrorKind } from './codex-error.ts';

/** What the machine says when it lacks the means for the moment. `ETXTBSY`: the program is being written, as by an update. */
const passing: ReadonlySet<unknown> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY']);

/** The engine could not be found or started (Python raises `FileNotFoundError`). Nothing was sent. */
export class LaunchError extends CodexError {
  override readonly name: string = 'LaunchError';
  override readonly kind: CodexErrorKind = 'launch';

  constructor(message: string, details: Pick<CodexErrorDetails, 'cause'> = {}) {
    const { cause } = details;
    const retryable = cause instanceof Error && 'code' in cause && passing.has(cause.code);
    super(message, { ...details, action: 'starting the Codex process', retryable });
  }
}
