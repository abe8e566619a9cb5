import { CodexError, type CodexErrorKind } from './codex-error.ts';

/** The engine could not be found or started (Python raises `FileNotFoundError`). Nothing was sent. */
export class LaunchError extends CodexError {
  override readonly name: string = 'LaunchError';
  override readonly kind: CodexErrorKind = 'launch';
}
