// Generated from fixtures/steps/scenario.yaml by npm run generate; do not edit.
import type { JsonObject } from '../../testing/json/json.ts';

/** What stands beside an operation. */
interface CallKeys {
  /**
   * Arguments by their Python names. Plain JSON, or `{$enum: Class.member}`, `{$new: Class, field: …}`, `{$ref:
   * name.attribute}`, `{$path: file}` at any depth.
   */
  with?: JsonObject;
  /**
   * The call must fail. A reference run in which it succeeds is refused as a golden, and so is one in which a
   * call without this key fails.
   */
  expect?: 'error';
}

/**
 * The versions of the engine that a step or an expected line stands on, both ends included. Every verb may have
 * them.
 */
export interface VersionRange {
  /** First engine version that it stands on. Default every earlier one too. */
  since?: string;
  /** Last engine version that it stands on. Default every later one too. */
  until?: string;
}

/** The steps by their verb. One verb each. */
export interface Steps {
  /** Performs an operation and waits for it. */
  call: {
    /**
     * The operation, by its Python name: `codex.thread_start`, `t.turn`. The part before the first dot is a bound
     * name.
     */
    call: string;
    /** The name that the result is bound to, and the step's lane. */
    as?: string;
  } & CallKeys;
  /**
   * Like `call`, in the background: the step ends once the call has started. A stream is consumed to its end, and
   * each event is observed.
   */
  start: {
    /** The operation, by its Python name. */
    start: string;
    /** The name that the result is bound to, and the step's lane. */
    as: string;
  } & CallKeys;
  /** Takes one event from a stream that `call` bound. */
  next: {
    /** The stream's name. */
    next: string;
  } & Pick<CallKeys, 'expect'>;
  /** Waits until the background stream has yielded events that match. */
  await: {
    /** The stream's name. */
    await: string;
    /** Every key equals that key of the event (`method`) or of its payload; dotted keys descend (`turn.id`). */
    match: JsonObject;
    /** How many events must match. Default 1. */
    times?: number;
  };
  /** Waits until the model has received its Nth request: use it if no event tells what the engine has done. */
  'await-model': {
    /** 1 for the first. */
    'await-model': number;
  };
  /**
   * Waits until the engine has written messages of this method whose params match. It looks at the wire, not at
   * what the client made of it.
   */
  'await-wire': {
    /** The method of a notification or request of the engine. */
    'await-wire': string;
    /** Every key equals that key of the params; dotted keys descend. */
    match?: JsonObject;
    /** How many messages must match. Default 1. */
    times?: number;
  };
  /**
   * Waits until the engine's process is gone. Its output may end a moment before its input does, so a call in
   * between is a race.
   */
  'await-exit': {
    /** Always `engine`. */
    'await-exit': 'engine';
  };
  /** Releases a latch of the scripted model or of the scripted engine. */
  release: {
    /** The latch's name. */
    release: string;
  };
  /** Waits until the background call or stream has ended. */
  join: {
    /** The name of a `start` step. */
    join: string;
  };
  /** Cancels the background call (capability `cancel`), and waits until it has ended. */
  cancel: {
    /** The name of a `start` step. */
    cancel: string;
  };
  /** Closes a stream, a handle or the client (`codex`). */
  close: {
    /** A bound name. */
    close: string;
  } & Pick<CallKeys, 'expect'>;
  /** Forgets the name, so that it can be garbage-collected. */
  drop: {
    /** A bound name. */
    drop: string;
  };
  /** Kills the engine. */
  kill: {
    kill: 'engine';
    /** Default SIGKILL. */
    signal?: string;
  };
  /** Observes a file of the workspace now; for a folder, the names in it. */
  check: {
    check: {
      /** Path in the workspace. */
      file: string;
    };
  };
}

/** One step. */
export type Step = Steps[keyof Steps];
