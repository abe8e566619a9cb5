import type { ScriptStep } from '../../testing/play/script-types.ts';
import type { JsonObject, JsonValue, ModelAnswer } from '../../testing/scripted-model/types.ts';

/** The clients that can stand in a cell (DESIGN: words). */
export type AppServerClientId = 'python' | 'python-async' | 'ts' | 'bare';
export type ExecClientId = 'python-exec' | 'ts-official' | 'ts-exec';
export type ClientId = AppServerClientId | ExecClientId;
export type EngineKind = 'real' | 'fake';
export type Family = 'app-server' | 'exec';

/**
 * What a client must be able to do for a scenario to apply to it; drivers declare theirs in `hello`.
 * - `sdk`: has threads, turns and handles as objects (every SDK; not `bare`)
 * - `rpc`: can send any method raw (`codex.request`)
 * - `cancel`: can cancel one waiting call (async clients)
 * - `server-requests`: can answer server requests with a given reply
 */
export type Capability = 'sdk' | 'rpc' | 'cancel' | 'server-requests';

/** A value in `with:`. Plain JSON, or one of the typed forms below at any depth. */
export type ScenarioValue = JsonValue;
/** `{ $enum: "Sandbox.read_only" }` → the client's enum member. */
export interface EnumValue {
  $enum: string;
}
/** `{ $new: TextInput, text: more }` → an instance of the client's class, other keys are its fields. */
export interface NewValue {
  $new: string;
  [field: string]: ScenarioValue;
}
/** `{ $ref: t.id }` → the value of a bound name, or of an attribute path of it. */
export interface RefValue {
  $ref: string;
}
/** `{ $path: "notes.md" }` → the absolute path in the run's workspace. */
export interface PathValue {
  $path: string;
}

/** Operation names are Python's (`codex.thread_start`, `t.turn`, `h.stream`): the part before the first dot is a bound name. */
export interface CallStep {
  call: string;
  as?: string;
  with?: JsonObject;
  /** `error`: the call must fail; a reference run in which it does not is refused as a golden, and the other way round. */
  expect?: 'error';
}
/** As `call`, in the background: the step is over once the call has begun. A stream is consumed to its end, each event observed. */
export interface StartStep {
  start: string;
  as: string;
  with?: JsonObject;
  expect?: 'error';
}
/** Pull one event from a stream that `call` bound. */
export interface NextStep {
  next: string;
  expect?: 'error';
}
/** Wait until the background stream has yielded `times` (1) events that match: every key of `match` equals that key of the event (`method`) or of its payload; dotted keys descend. */
export interface AwaitStep {
  await: string;
  match: JsonObject;
  times?: number;
}
/** Release a latch of the scripted model or of the scripted engine. */
export interface ReleaseStep {
  release: string;
}
/** Wait until the background call or stream has ended. */
export interface JoinStep {
  join: string;
}
/** Cancel the background call (capability `cancel`). */
export interface CancelStep {
  cancel: string;
}
/** Close a stream, a handle or the client (`codex`). */
export interface CloseStep {
  close: string;
  expect?: 'error';
}
/** Forget the name, so that the client's garbage collector may have it. */
export interface DropStep {
  drop: string;
}
/** Kill the engine with this signal (default SIGKILL). */
export interface KillStep {
  kill: 'engine';
  signal?: string;
}
/** Observe a file of the workspace now. */
export interface CheckStep {
  check: { file: string };
}
/** Wait until the model has received its Nth request (1 for the first): pins what the engine has done, where no event tells. */
export interface AwaitModelStep {
  'await-model': number;
}

/** Wait until the engine's process is gone: its output may end a moment before its input does, and a call in between is a race. */
export interface AwaitExitStep {
  'await-exit': 'engine';
}

export type Step =
  | CallStep
  | StartStep
  | NextStep
  | AwaitStep
  | AwaitModelStep
  | AwaitExitStep
  | ReleaseStep
  | JoinStep
  | CancelStep
  | CloseStep
  | DropStep
  | KillStep
  | CheckStep;

/** One situation, as data: drives every client and both engines. */
export interface Scenario {
  /** `family-folder/name`, equal to the file's path under `fixtures/scenarios` without `.yaml`. */
  id: string;
  title: string;
  family: Family;
  /** Methods, notifications, server requests, `item:VARIANT`, `fault:KIND`: a run that does not exercise them fails. */
  covers: string[];
  needs?: Capability[];
  /** Clients it is limited to. Default: every client of the family that has the capabilities. */
  clients?: ClientId[];
  engines?: EngineKind[];
  since?: string;
  until?: string;
  workspace?: Record<string, string>;
  /** `git: true` makes the workspace a repository with one commit. */
  git?: boolean;
  /** Extra TOML for the run's config.toml, after the block that keeps the engine on this machine. */
  config?: string;
  /** Options of the client's configuration beyond those that the harness sets (Python names of CodexConfig). */
  client?: JsonObject;
  /** `connect: false` leaves an async client unconnected until the first call. Default true: both start alike. */
  connect?: boolean;
  model?: ModelAnswer[];
  /** A script that the fake engine plays in place of a golden; the scenario then runs on it alone. */
  engine?: ScriptStep[];
  /** The client cannot be opened: a reference run in which it can is refused as a golden. */
  opening?: 'error';
  /** The reference client comes to a step that never ends: a run in which it does not is refused as a golden. */
  hangs?: true;
  steps: Step[];
  /** Per step, in milliseconds. Default 20000. A step that reaches it is observed as `hang` and ends the run. */
  deadlineMs?: number;
}

/** A scenario with the place that it was read from, for annotations and messages. */
export interface LoadedScenario extends Scenario {
  file: string;
  /** 1-based line of each step in the file. */
  stepLines: number[];
}
