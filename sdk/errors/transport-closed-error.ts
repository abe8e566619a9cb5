import { CodexError, type CodexErrorKind } from './codex-error.ts';

/** The connection to the engine is gone, or a stream on it has ended (Python: `TransportClosedError`). */
export class TransportClosedError extends CodexError {
  override readonly name: string = 'TransportClosedError';
  override readonly kind: CodexErrorKind = 'transport-closed';
}
