import type { Difference } from '../../../compare/compare.ts';
import type { ClientAdapter } from '../../../driver/ts/adapter.ts';

/** Where the first reported difference must be. */
export interface Place {
  kind: Difference['kind'];
  lane: string;
  /** As the ledger addresses it. */
  path: string;
}

/** What the harness must report for a faulty client: the verdict, and the first difference or the reason. */
export type Expected =
  | {
      verdict: 'mismatch';
      first: Place;
      /** Path of a further difference that must be reported too. */
      also?: string;
    }
  | { verdict: 'could-not-run'; reason: RegExp };

/** Deadline of the steps for a fault that hangs, in milliseconds: many times what a step takes, and still short. */
export const hangMs = 6000;

/** One deliberate bug in a client or its driver. */
export interface Fault {
  /** The client that has it. Default: ours of the app-server family. */
  client?: 'ts-official' | 'ts-exec';
  /** The bug in one sentence. */
  says: string;
  /** The scenario that shows it. */
  scenario: string;
  /** For a bug that hangs: replaces the scenario's deadline, so that nobody waits longer than necessary. */
  deadlineMs?: number;
  expected: Expected;
  /** Applied once, in the driver's process, before its first run: patches the SDK, or returns another adapter. */
  apply(adapter: ClientAdapter): ClientAdapter | undefined;
}

export type Faults = Readonly<Record<string, Fault>>;
