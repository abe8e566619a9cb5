import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { ModelAnswer } from '../../testing/model/model-answer.ts';
import type { ScriptStep } from '../../testing/play/script-types.ts';
import type { Capability, ClientId, EngineKind, Family } from '../clients/clients.ts';
import type { Step, VersionRange } from './step-types.ts';

export type { Step, Steps, VersionRange } from './step-types.ts';

/** A value in `with:`. Plain JSON, or one of the typed forms below at any depth. */
export type ScenarioValue = JsonValue;
/** `{ $enum: "Sandbox.read_only" }` → the client's enum member. */
export interface EnumValue {
  $enum: string;
}
/** `{ $new: TextInput, text: more }` → an instance of the client's class; the other keys are its fields. */
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
/** `{ $repeat: "tell me ", times: 1000 }` → the text that many times. */
export interface RepeatValue {
  $repeat: string;
  times: number;
}

/**
 * How the client's handler answers the engine's requests that match; the first matching rule wins. The client itself
 * answers what no rule matches. Exactly one of `reply`, `error`, `throws`, `none` and `default`.
 */
export interface AnswerRule {
  /** The server request's method. */
  to: string;
  /** Keys of its params, as in `await`. Default: any. */
  match?: JsonObject;
  /** How many requests it answers. Default: all. */
  times?: number;
  /** The result; `{ $path }` is allowed in it. */
  reply?: JsonValue;
  /** The answer breaks the contract on purpose: nobody is to blame. */
  wrong?: true;
  /** Answers with an error (capability `error-replies`). */
  error?: { code: number; message: string };
  /** The handler fails with this text. */
  throws?: string;
  /** Never answers. */
  none?: true;
  /** The handler leaves the answer to the client. */
  default?: true;
  /** The answer waits until this latch is released. */
  hold?: string;
}

/** One situation, as data, as it stands on one version of the engine. It drives every client and both engines. */
export interface Scenario {
  /** `family-folder/name`, equal to the file's path under `fixtures/scenarios` without `.yaml`. */
  id: string;
  title: string;
  family: Family;
  /** Methods, notifications, server requests, `item:VARIANT`, `fault:KIND`: a run that does not exercise them fails. */
  covers: string[];
  needs?: Capability[];
  /** Observes what the client tells of itself: our channels, the log records of Python. */
  telemetry?: boolean;
  /** Limits the scenario to these clients. Default: every client of the family that has the capabilities. */
  clients?: ClientId[];
  engines?: EngineKind[];
  since?: string;
  until?: string;
  workspace?: Record<string, string>;
  /** `git: true` makes the workspace a repository with one commit. */
  git?: boolean;
  /** Files of CODEX_HOME: relative path to text. `${workspace}`, `${codexHome}`, `${node}` and `${mcp}` (a small MCP server) stand for absolute paths, `${model}` for the model's address. */
  home?: Record<string, string>;
  /** Extra TOML for the run's config.toml, after the block that keeps the engine on this machine. Placeholders as in `home`. */
  config?: string;
  /** Options of the client's configuration beyond those that the harness sets (Python names of CodexConfig). */
  client?: JsonObject;
  /** `connect: false` leaves an async client unconnected until the first call. Default true: both start alike. */
  connect?: boolean;
  model?: ModelAnswer[];
  /** What the realtime endpoint answers to each event of the engine, by event type. Without it there is no endpoint. */
  realtime?: Record<string, JsonObject[]>;
  /** What the client's handler for server requests answers (capability `server-requests`). */
  answers?: AnswerRule[];
  /**
   * Several scenarios in one file: case name → its values. Each `{ $case: KEY }` in the file becomes the case's value
   * of KEY. If the case has none, the key or element that holds it is left out. The ids are `ID/CASE`. Absent once
   * loaded.
   */
  matrix?: Record<string, JsonObject>;
  /** A script that the fake engine plays instead of a golden; the scenario then runs only on the fake. */
  script?: ScriptStep[];
  /** The client cannot be opened. A reference run in which it can is refused as a golden. */
  opening?: 'error';
  /** A step never ends in the reference client. A run in which all end is refused as a golden. */
  hangs?: true;
  /**
   * In the reference client an error escapes that would end its user's process. A run in which none does is refused as
   * a golden.
   */
  crashes?: true;
  /**
   * What is not over when the steps are: `{ turns: 1 }`, `{ waits: 1 }`. Our clients, which show what they hold, may
   * hold so much, and nothing else. Default: nothing.
   */
  rest?: Record<string, number>;
  steps: Step[];
  /** Per step, in milliseconds. Default 20000. A step that reaches it is observed as `hang` and ends the run. */
  deadlineMs?: number;
}

/** What is covered, where only some versions of the engine have it. */
export interface VersionedName extends VersionRange {
  name: string;
}

/** A scenario as its file has it: steps and expected lines may stand on some versions of the engine alone. */
export interface WrittenScenario extends Omit<Scenario, 'covers' | 'model' | 'answers' | 'steps'> {
  covers: (string | VersionedName)[];
  model?: (ModelAnswer & VersionRange)[];
  answers?: (AnswerRule & VersionRange)[];
  steps: (Step & VersionRange)[];
}

/** Where a scenario was read from, for annotations and messages. */
export interface ScenarioPlace {
  file: string;
  /** 1-based line of its `id` in the file. */
  idLine: number;
  /** 1-based line of each step in the file. */
  stepLines: number[];
  /** The id of the file that a matrix expanded into this and others. */
  expandedFrom?: string;
}

export interface LoadedScenario extends WrittenScenario, ScenarioPlace {}

/** A loaded scenario as it stands on one version of the engine. */
export interface StandingScenario extends Scenario, ScenarioPlace {}
