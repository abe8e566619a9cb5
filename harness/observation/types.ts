import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { ClientId, EngineKind } from '../clients/types.ts';

/**
 * One line of what happened. `t` is the machine's monotonic clock in nanoseconds (Node's `process.hrtime`, Python's
 * `time.monotonic_ns`): every process of a run reads the same clock, so that lines of different processes merge in their
 * causal order. It exists in raw observations only.
 */
export type ObservationLine = { t: number } & ObservationBody;

export type ObservationBody =
  /** The driver is about to perform a call. `lane` is the step's name (`as`), `main` where it has none. */
  | { ch: 'call'; lane: string; op: string; args: JsonObject }
  /** What it returned, in the protocol's wire names; objects of the SDK as `{ $type: "Thread", … }`. */
  | { ch: 'result'; lane: string; op: string; value: JsonValue }
  | { ch: 'error'; lane: string; op: string; error: ObservedError }
  /** An event as the user sees it. `known: false` where the SDK passes it through untyped. */
  | { ch: 'event'; lane: string; method: string; payload: JsonObject; known: boolean }
  /** A request of the engine as the client's handler saw it, and what the handler does about it, as the scenario says it. The answer itself is `wire.out`. */
  | { ch: 'request'; method: string; params: JsonValue; reply: JsonObject }
  /** A stream ended without an error. */
  | { ch: 'end'; lane: string; op: string }
  /** Client → engine. `raw` in place of `msg` where the line is not JSON. `run`: the run of `exec` that it belongs to, from 1, here and below. */
  | { ch: 'wire.out'; msg?: JsonValue; raw?: string; run?: number }
  /** Engine → client. `wrong`: the script has it so on purpose, and nobody is to blame for it. */
  | { ch: 'wire.in'; msg?: JsonValue; raw?: string; wrong?: true; run?: number }
  /** Latch released, engine killed, unscripted model request. */
  | { ch: 'mark'; mark: string; detail?: JsonValue }
  /** `outputSchema`: the content of the file of `--output-schema`; a text where it is no JSON. */
  | { ch: 'argv'; argv: string[]; run?: number; outputSchema?: JsonValue }
  | { ch: 'env'; env: Record<string, string>; run?: number }
  | { ch: 'model.request'; n: number; method: string; path: string; headers: Record<string, string>; body: JsonObject }
  | { ch: 'stderr'; text: string; run?: number }
  | { ch: 'file'; path: string; content: string | null }
  | { ch: 'exit'; code: number | null; signal: string | null; run?: number }
  /** A step reached its deadline. */
  | { ch: 'hang'; lane: string; op: string; step: number }
  /** What the run left behind. Empty lists are not observed. */
  | { ch: 'rest'; processes: string[]; files: string[] };

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

/** How an SDK names itself to the engine when its user asks for nothing else. The engine repeats name and version. */
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
  /** What the driver declares of its SDK; absent for one that does not name itself. */
  clientInfo?: ClientIdentity;
  engine: EngineKind;
  engineVersion: string;
  engineSha256: string;
  platform: string;
  /** Absolute paths that the run used, which the normaliser turns into placeholders. */
  paths: CellPaths;
  /** Said by a driver of itself: `private-approval-handler`, … */
  notes?: string[];
}

export interface CellPaths {
  root: string;
  workspace: string;
  home: string;
  codexHome: string;
  tmp: string;
  /** Where the launcher (the client's `codex_bin`) stands. */
  launcher: string;
}

export interface Observation {
  header: ObservationHeader;
  lines: ObservationLine[];
}
