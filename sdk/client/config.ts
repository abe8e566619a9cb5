import type { ServerRequestErrorHandler, ServerRequestHandler } from '../rpc/server-requests.ts';
import type { TransportFactory } from '../transport/transport.ts';
import { version } from '../version.ts';

/** How to start and greet the engine (Python: `CodexConfig`). `new Codex()` without any is the usual way. */
export interface CodexConfig {
  /** An engine of your own. Default: the one of the optional peer package `@openai/codex`; never one found on PATH. */
  codexBin?: string | null | undefined;
  /** The whole command line, in place of `codexBin` and `configOverrides`. */
  launchArgsOverride?: readonly string[] | null | undefined;
  /** `key=value` settings of the engine, one `--config` each, in order. */
  configOverrides?: readonly string[] | undefined;
  /** Working directory of the engine. Default: that of this program. */
  cwd?: string | null | undefined;
  /** Environment variables, over those of this program. */
  env?: Readonly<Record<string, string>> | null | undefined;
  /** Default `codex_typescript_sdk`. */
  clientName?: string | undefined;
  /** Default `Codex TypeScript SDK`. */
  clientTitle?: string | undefined;
  /** Default: the version of this package. */
  clientVersion?: string | undefined;
  /** Whether experimental methods and fields may be used. Default true. */
  experimentalApi?: boolean | undefined;
  /**
   * How long a request waits for its answer, in milliseconds; 0: for ever. Default 600,000. A turn may take longer: only
   * its start is a request. Any call's `timeoutMs` overrides it.
   */
  requestTimeoutMs?: number | undefined;
  /**
   * How much of a turn's events is kept for a reader that does not read them, and of the notifications of no turn: in characters of the engine's
   * lines, an event counting 500 more. Default 67,108,864. A reader that falls further behind gets an error of the kind `lagging`; of the
   * notifications the oldest are dropped.
   */
  unreadLimit?: number | undefined;
  /**
   * Answers what the engine asks. Default: the safe answer, which allows nothing. Approvals are asked of the program only where the thread's
   * reviewer is `user`, which no `ApprovalMode` sets.
   */
  onServerRequest?: ServerRequestHandler | undefined;
  /** Told when `onServerRequest` failed. */
  onServerRequestError?: ServerRequestErrorHandler | undefined;
  /** Makes the way to the engine, in place of starting a process. Called once per connection. */
  transport?: TransportFactory | undefined;
}

/** The parameters of `initialize` (wire form). */
export function initializeParams(config: CodexConfig) {
  return {
    clientInfo: {
      name: config.clientName ?? 'codex_typescript_sdk',
      title: config.clientTitle ?? 'Codex TypeScript SDK',
      version: config.clientVersion ?? version,
    },
    capabilities: { experimentalApi: config.experimentalApi ?? true },
  };
}

/** The default of `requestTimeoutMs`: generous for slow machines, and finite, as the real engine leaves some requests unanswered. */
export const defaultRequestTimeoutMs = 600_000;
