import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { expectedGot } from '../../../native/expected-got.mjs';
import type { ThreadEvent } from '../events.ts';
import type { CodexOptions, TurnOptions } from '../options.ts';
import type { Thread } from '../thread.ts';

/** What the child does, one after the other; then it exits with 0. */
export type Action =
  | { say: object | string }
  | { raw: string; times?: number }
  | { base64: string }
  | { stderr: string; times?: number }
  | { readStdin: true }
  /** Says what it was given, as an event: see `Report`. */
  | { report: true }
  /** Makes this file. */
  | { mark: string }
  | { closeStdin: true }
  /** On SIGINT, it works for so many milliseconds, makes this file and exits with 1. */
  | { onSigint: string; worksMs?: number }
  | { ignoreSignals: true }
  /** Starts a process that holds its stdout and stderr; says `{ type: 'grandchild', pid }`. */
  | { grandchild: true }
  /** Connects to this local port, for as long as it lives. */
  | { connect: number }
  | { hang: true }
  | { kill: NodeJS.Signals }
  | { exit: number };

export interface Report {
  type: 'report';
  pid: number;
  args: string[];
  env: Record<string, string>;
  stdin: string;
  schema: { path: string; text: string } | null;
}

/** Options that start the child in the engine's place. */
export function childEngine(actions: readonly Action[], more: CodexOptions = {}): CodexOptions {
  return { ...more, codexPathOverride: process.execPath, env: { ...childEnv(actions), ...more.env } };
}

export function childEnv(actions: readonly Action[]): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${new URL('./exec-child.mjs', import.meta.url)}`,
    EXEC_SCRIPT: JSON.stringify(actions),
  };
}

export const started: Action = { say: { type: 'thread.started', thread_id: 'thread-1' } };
export const completed: Action = {
  say: { type: 'turn.completed', usage: { input_tokens: 1, cached_input_tokens: 0, output_tokens: 2 } },
};
export const message = (text: string): Action => ({
  say: { type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text } },
});

/** What a promise rejects with. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The child's report among the events. */
export function reportOf(events: readonly ThreadEvent[]): Report {
  const report = (events as readonly object[]).find((event) => 'type' in event && event.type === 'report');
  if (report) return report as Report;
  throw new Error(`No report among the events ${JSON.stringify(events)}`);
}

/** A stream that has shown its child's report. */
export async function running(thread: Thread, options: TurnOptions = {}) {
  const { events } = await thread.runStreamed('hi', { outputSchema: {}, ...options });
  const { value } = await events.next();
  return { events, report: value as unknown as Report };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Gives each test a temporary folder of its own, in which it must leave nothing. The result says what is in it. */
export function ownTemporaryFolder(): { path: string; names(): string[] } {
  const names = ['TMPDIR', 'TEMP', 'TMP'] as const;
  const before = names.map((name) => process.env[name]);
  const folder = {
    path: '',
    names: () => readdirSync(folder.path),
  };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'exec-test-'));
    for (const name of names) process.env[name] = folder.path;
  });
  afterEach(() => {
    const left = folder.names();
    names.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
    rmSync(folder.path, { recursive: true });
    if (left.length > 0) throw new Error(expectedGot('looking into the temporary folder', 'nothing', left.join(', ')));
  });
  return folder;
}
