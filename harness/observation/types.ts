import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { ClientId, EngineKind } from '../clients/clients.ts';

/**
 * One line of what happened. `t` is the machine's monotonic clock in nanoseconds (Node's `process.hrtime`, Python's
 * `time.monotonic_ns`). Every process of a run reads the same clock, so lines of different processes merge in causal
 * order. It exists only in raw observations.
 */
export type ObservationLine = { t: number } & ObservationBody;

export type ObservationBody =
  /** The driver is about to perform a call. `lane` is the step's name (`as`), or `main`. */
  | { ch: 'call'; lane: string; op: string; args: JsonObject }
  /** What it returned, in the protocol's wire names; objects of the SDK as `{ $type: "Thread", … }`. */
  | { ch: 'result'; lane: string; op: string; value: JsonValue }
  | { ch: 'error'; lane: string; op: string; error: ObservedError }
  /** An event as the user sees it. `known: false` if the SDK passes it through untyped. */
  | { ch: 'event'; lane: string; method: string; payload: JsonObject; known: boolean }
  /**
   * A request of the engine as the client's handler saw it, and what the scenario says the handler does. The answer
   * itself is `wire.out`.
   */
  | { ch: 'request'; method: string; params: JsonValue; reply: JsonObject }
  /** A stream ended without an error. */
  | { ch: 'end'; lane: string; op: string }
  /**
   * Client → engine. `raw` instead of `msg` if the line is not JSON. `run`, here and below: the run of `exec` that it
   * belongs to, from 1. `doubled`, here and below: members that the line says more than once, by JSON pointer, with the
   * values that a reader of `msg` never sees.
   */
  | { ch: 'wire.out'; msg?: JsonValue; raw?: string; doubled?: JsonObject; run?: number }
  /** Engine → client. `wrong`: the script sends it so on purpose, and nobody is to blame. */
  | { ch: 'wire.in'; msg?: JsonValue; raw?: string; doubled?: JsonObject; wrong?: true; run?: number }
  /** Latch released, engine killed, unscripted model request. */
  | { ch: 'mark'; mark: string; detail?: JsonValue }
  /** `outputSchema`: the content of the `--output-schema` file; a text if it is not JSON, or says a member twice. */
  | { ch: 'argv'; argv: string[]; run?: number; outputSchema?: JsonValue }
  | { ch: 'env'; env: Record<string, string>; run?: number }
  | { ch: 'model.request'; n: number; method: string; path: string; headers: Record<string, string>; body: JsonObject }
  | { ch: 'stderr'; text: string; run?: number }
  /** What the client told of itself: a message of a channel, a record of a log. Only where a scenario asks for it. */
  | { ch: 'telemetry'; name: string; message: JsonObject }
  | { ch: 'file'; path: string; content: string | null }
  | { ch: 'exit'; code: number | null; signal: string | null; run?: number }
  /**
   * A step reached its deadline, or could never end. `awaited`: what it waited for beyond its own operation, in words;
   * the harness adds it.
   */
  | { ch: 'hang'; lane: string; op: string; step: number; awaited?: string }
  /** What the run left behind on the machine. Empty lists are not observed. */
  | { ch: 'rest'; processes: string[]; files: string[] }
  /** What a client of ours held in its own process, by name, after the last step and once it was closed. */
  | { ch: 'rest'; when: 'open' | 'closed'; held: Record<string, number> };

export type Channel = ObservationBody['ch'];

export interface ObservedError {
  /** The client's own class name. */
  class: string;
  message: string;
  code?: number | string | null;
  retryable?: boolean;
  data?: JsonValue;
  /** Class names of the causes, outermost first. */
  causes?: string[];
}

/** How an SDK names itself to the engine by default. The engine repeats name and version. */
export interface ClientIdentity {
  /** The `clientInfo.name` of `initialize`; with `codex exec` the originator. */
  name: string;
  /** For people. */
  title?: string;
  version?: string;
}

export interface ObservationHeader {
  kind: 'observation';
  schemaVersion: 1;
  scenario: string;
  client: ClientId;
  clientVersion: string;
  /** What the driver declares about its SDK; absent if the SDK does not name itself. */
  clientInfo?: ClientIdentity;
  engine: EngineKind;
  engineVersion: string;
  engineSha256: string;
  platform: string;
  /** Absolute paths that the run used. The normaliser turns them into placeholders. */
  paths: CellPaths;
  /** Reported by a driver about itself: `private-approval-handler`, … */
  notes?: string[];
}

export interface CellPaths {
  root: string;
  workspace: string;
  home: string;
  codexHome: string;
  tmp: string;
  /** Where the launcher (the client's `codex_bin`) is. */
  launcher: string;
}

export interface Observation {
  header: ObservationHeader;
  lines: ObservationLine[];
}
