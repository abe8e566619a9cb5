/**
 * What the three diffs of an upstream release have in common: a list of `Change`, and the `BumpReport` that is made of it.
 *
 * Decisions:
 * - Directions are seen from a client: `sent` is what it writes to the engine, `received` what it reads.
 * - `class` is the worse one of the two in `classes`; a change of the Python SDK has no direction and one class.
 * - `place` is unique among the changes of one kind (`what`) of one source, and never holds a version: with `source` and `what` it makes the
 *   fingerprint, to which a diff may add a detail (the contract diff adds `before` and `after`: approving a default of 2 does not approve 3).
 * - A diff leaves `provenBy` empty and `scenarios` at 0 where it has run nothing; the impact fills them in.
 * - A change that an approval names stays in `changes`, with the reason in `approved`; it asks for no work and counts for no verdict.
 */

export type ChangeSource = 'contract' | 'surface' | 'behaviour';

/** `breaking`: correct code fails. `behaviour`: it goes on, and its user may see something else. `additive`: nobody notices who does not use it. */
export type ChangeClass = 'breaking' | 'behaviour' | 'additive';

export type Direction = 'sent' | 'received' | 'both' | 'none';

/** Who differs: the engine, with every client alike; Python between its two versions; our client where the reference shows nothing. */
export type Blame = 'engine' | 'python' | 'ours';

export type ContractWhat =
  | 'method-added'
  | 'method-removed'
  /** A method, type, field, variant or enum value has another name and the same shape: `before` and `after` are the names. */
  | 'renamed'
  /** The type of a method's params or result is another one, and it is not the old type renamed. */
  | 'params-changed'
  | 'result-changed'
  | 'type-added'
  | 'type-removed'
  /** Breaking to who sends it if it is required (`after.required`). */
  | 'field-added'
  | 'field-removed'
  /** An optional field, or optional params, became required. */
  | 'required-added'
  | 'required-removed'
  | 'null-added'
  | 'null-removed'
  | 'type-changed'
  /** A value that was of one kind may be of several, or the other way round. */
  | 'union-in-place-of-value'
  | 'value-in-place-of-union'
  /** `oneOf` ↔ `anyOf`: whether a value may be several variants at once. */
  | 'union-form-changed'
  | 'variant-added'
  | 'variant-removed'
  | 'enum-value-added'
  | 'enum-value-removed'
  | 'default-changed'
  /** Formats of numbers and lengths: `int32` → `uint32`, `minimum`, `minLength`. */
  | 'limit-changed'
  /** Whether values or fields that are not listed are allowed: a closed enum became any text, or the other way round. */
  | 'openness-changed'
  /** Experimental ↔ stable. */
  | 'stability-moved';

export type SurfaceWhat =
  | 'name-added'
  | 'name-removed'
  /** A class became a function, a record a union … */
  | 'kind-changed'
  | 'parameter-added'
  | 'parameter-removed'
  /** Positional ↔ keyword only, or another place among the positional ones. */
  | 'parameter-moved'
  | 'base-changed';

export type BehaviourWhat =
  | 'message-text'
  /** What the model is asked: prompts, tools, settings. */
  | 'model-request'
  | 'line-added'
  | 'line-removed'
  /** A line that came once comes again. */
  | 'line-repeated'
  | 'value-changed'
  | 'value-added'
  | 'value-removed'
  /** Of a list. */
  | 'entry-added'
  | 'entry-removed'
  /** The same kind of id, of something else. */
  | 'identity-changed'
  | 'order-changed'
  /** A call fails that did not, the other way round, or in another way. */
  | 'error-changed'
  | 'exit-changed'
  | 'hang';

/** The kind of change. A surface change uses words of the contract where they fit (`renamed`, `default-changed`, `enum-value-removed` …). */
export type What = ContractWhat | SurfaceWhat | BehaviourWhat;

export interface Change {
  /** 12 hexadecimal digits; the same in every run and for every step that makes this change. `fingerprintOf()` makes it. */
  fingerprint: string;
  source: ChangeSource;
  /** The worst of `classes`. */
  class: ChangeClass;
  /** The class for each direction in which it is reachable. A surface change has none. */
  classes: { sent?: ChangeClass; received?: ChangeClass };
  /** `none`: no message reaches it, or it is a change of the Python SDK. */
  direction: Direction;
  /**
   * For people. Of a contract as coverage writes it: `turn/start`, `ThreadItem{agentMessage}.phase`, `SandboxMode=read-only`; entries of a list end in `[]`,
   * those of a map in `.*`. Else `Codex.thread_start(sandbox)`, `wire.in turn/completed turn.error`.
   */
  place: string;
  what: What;
  /** The old value, type or line; absent if there was none. */
  before?: unknown;
  after?: unknown;
  /** Methods, notifications and server requests that reach it, sorted. Empty: nothing does. */
  messages: string[];
  /** Ids of the scenarios that exercise it; the impact fills it in. */
  provenBy: string[];
  blame: Blame;
  /** In how many scenarios it was seen to happen; 0 for what only the schema or a signature tells. */
  scenarios: number;
  /** Of a behaviour: where it shows in the fewest lines. */
  example?: Example;
  /** The reason of the approval that names it. */
  approved?: string;
}

/** The line before and now; one of them is absent where only the other side has it. */
export interface Example {
  scenario: string;
  client: string;
  before?: string;
  after?: string;
}

/** `fixtures/bump-approvals.yaml`. */
export interface Approval {
  fingerprint: string;
  /** The step on which it was given. It holds for every step that contains this one. */
  from: string;
  to: string;
  reason: string;
}

/** What of ours names something that changed. */
export interface Mention {
  fingerprint: string;
  /** Relative to the repository. */
  file: string;
  /** 1-based. */
  line: number;
  /** What stands there: a public option, a type, an error mapping, a page. */
  kind: 'option' | 'type' | 'error' | 'docs' | 'scenario';
  text: string;
}

export interface Impact {
  /** Fingerprints of changes that no scenario exercises. */
  unproven: string[];
  mentions: Mention[];
}

/** Work that the step asks for. */
export interface Edit {
  /** What to do, as a sentence. */
  todo: string;
  /** Relative to the repository; absent if it is not one file. */
  file?: string;
  fingerprints: string[];
}

/** Exit codes 0, 1 and 3. */
export type BumpVerdict = 'safe' | 'needs-work' | 'could-not-check';

/** What our next release has to be if it takes the step. `none`: nothing of ours changes for a user. */
export type Semver = 'major' | 'minor' | 'patch' | 'none';

/** What was run to see behaviours. */
export interface Runs {
  /** Scenarios that were played on both engines. */
  compared: number;
  /** Scenarios that were played with both Python SDKs. */
  comparedPythons: number;
  /** Differences that a second run did not show, or that two runs of one engine show too. They count for nothing. */
  unsteady: Change[];
  /** Scenarios that name what one side lacks. */
  notApplicable: { scenario: string; side: 'before' | 'after'; reason: string }[];
  durationMs: number;
}

export interface BumpReport {
  schemaVersion: 1;
  /** Engine versions. */
  from: string;
  to: string;
  /** Versions of the Python SDK. */
  python: { from: string; to: string };
  changes: Change[];
  impact: Impact;
  verdict: BumpVerdict;
  /** Why it could not be checked, each a sentence; empty otherwise. */
  unchecked: string[];
  edits: Edit[];
  semver: Semver;
  approvals: {
    applied: Approval[];
    /** Approvals of exactly this step that no change matches. They ask for work. */
    unmatched: Approval[];
  };
  runs: Runs;
}
