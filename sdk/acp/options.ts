import type { Stream } from '@agentclientprotocol/sdk';
import type { Codex, CodexConfig, ThreadStartOptions } from '../index.ts';

/** Options of `serveAcp()`. */
export interface AcpOptions {
  /** Where the client is: a stream of `@agentclientprotocol/sdk`, as `ndJsonStream()` makes it. Default: stdin and stdout of your program. */
  stream?: Stream | undefined;
  /** A client of the engine of yours, which is left open in the end. Default: one of its own, made by `config`. */
  client?: Codex | undefined;
  /** How the engine is started. Not together with `client`. */
  config?: CodexConfig | undefined;
  /** How threads are started, beside what the client and the mode of the session say: `model`, `config`, `developerInstructions`, `tools` and the like. */
  thread?:
    | Omit<ThreadStartOptions, 'signal' | 'timeoutMs' | 'approvals' | 'approvalMode' | 'cwd' | 'sandbox'>
    | undefined;
  /** Ends the connection. */
  signal?: AbortSignal | undefined;
}
