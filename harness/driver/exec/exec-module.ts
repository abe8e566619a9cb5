import type { JsonValue } from '../../../testing/json/json.ts';

/**
 * What the TypeScript exec SDKs have in common: the official one's API. Loosely typed where a scenario may pass what
 * the types forbid.
 */
export interface ExecModule {
  Codex: ExecCodexClass;
}

interface ExecCodexClass {
  new (options: Record<string, unknown>): ExecCodex;
  /** Only ours has these two. */
  loginWithAuthJson?(options: Record<string, unknown>): Promise<string>;
  install?(options: Record<string, unknown>): Promise<unknown>;
}

export interface ExecCodex {
  startThread(options?: Record<string, unknown>): ExecThread;
  resumeThread(id: string, options?: Record<string, unknown>): ExecThread;
  /** Only ours has this. */
  loginWithDeviceCode?(options: Record<string, unknown>): Promise<number>;
}

export interface ExecThread {
  readonly id: string | null;
  run(input: unknown, options?: Record<string, unknown>): Promise<ExecTurn>;
  runStreamed(input: unknown, options?: Record<string, unknown>): Promise<{ events: AsyncGenerator<JsonValue> }>;
}

export interface ExecTurn {
  items: JsonValue[];
  finalResponse: string;
  usage: JsonValue;
}
