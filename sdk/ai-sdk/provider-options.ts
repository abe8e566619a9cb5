import type { Codex, CodexConfig, ThreadStartOptions } from '../index.ts';

/** Options of `createCodex()`. */
export interface CodexProviderOptions {
  /** A client of yours, which `close()` leaves open. Default: one of the provider's own, made by `config`. */
  client?: Codex | undefined;
  /** How the provider's own client starts the engine. Not together with `client`. */
  config?: CodexConfig | undefined;
  /**
   * How threads are started: `sandbox`, `approvals`, `mcpServers`, `cwd`, `ephemeral` and the rest of
   * `Codex.threadStart()`. `developerInstructions` go before the prompt's system messages, and `tools` are the engine's to call.
   */
  thread?: Omit<ThreadStartOptions, 'signal' | 'timeoutMs' | 'model'> | undefined;
  /**
   * How long a turn waits for the results of the AI SDK's tools, in milliseconds. Then it is interrupted; a prompt with the results starts a new thread.
   * 0: for as long as it takes. Default: 600,000.
   */
  toolTimeoutMs?: number | undefined;
}
