import type { ThreadItem } from './items.ts';

/** The first event of a run. */
export type ThreadStartedEvent = {
  type: 'thread.started';
  /** Pass it to `resumeThread`. */
  thread_id: string;
};

/** The engine has started on the input. */
export type TurnStartedEvent = { type: 'turn.started' };

/** Tokens used. On a resumed thread the engine counts from the beginning of the thread. */
export type Usage = {
  input_tokens: number;
  cached_input_tokens: number;
  /** 0 if the engine does not report it. */
  cache_write_input_tokens: number;
  output_tokens: number;
  reasoning_output_tokens: number;
};

/** The turn is over and did not fail. */
export type TurnCompletedEvent = { type: 'turn.completed'; usage: Usage };

/** The turn is over and failed: `run()` rejects with a `ThreadRunError`. */
export type TurnFailedEvent = { type: 'turn.failed'; error: ThreadError };

/** An item has appeared; usually it is not finished. */
export type ItemStartedEvent = { type: 'item.started'; item: ThreadItem };

/** An item has changed. */
export type ItemUpdatedEvent = { type: 'item.updated'; item: ThreadItem };

/** The item will not change any more, whether it succeeded or failed. */
export type ItemCompletedEvent = { type: 'item.completed'; item: ThreadItem };

/** Why a turn failed, in the engine's words. */
export type ThreadError = { message: string };

/** The engine reports that something went wrong. It may continue afterwards: `Reconnecting… 1/5` is such an event. */
export type ThreadErrorEvent = { type: 'error'; message: string };

/**
 * One line of `codex exec --json`. An event of a type that is not listed here is passed on unchanged; see
 * `UnknownThreadEvent`.
 */
export type ThreadEvent =
  | ThreadStartedEvent
  | TurnStartedEvent
  | TurnCompletedEvent
  | TurnFailedEvent
  | ItemStartedEvent
  | ItemUpdatedEvent
  | ItemCompletedEvent
  | ThreadErrorEvent;

/**
 * An event of a later engine, with all its fields. It is not part of `ThreadEvent`, because then `type` could not tell
 * the others apart.
 */
export type UnknownThreadEvent = { type: string; [field: string]: unknown };
