import { CodexError, type CodexErrorKind } from './codex-error.ts';

/** The engine did not answer a request in time. The request may still take effect; its late answer is dropped. */
export class TimeoutError extends CodexError {
  override readonly name: string = 'TimeoutError';
  override readonly kind: CodexErrorKind = 'timeout';
  readonly method: string;
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number) {
    super(`${method} was not answered within ${timeoutMs} ms`, { action: method, retryable: true });
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}
