import type { ThreadItem } from './items.ts';

/** First event of a run. */
export type ThreadStartedEvent = {
  type: 'thread.started';
  /** For `resumeThread`. */
  thread_id: string;
};

/** The engine has begun with the input. */
export type TurnStartedEvent = { type: 'turn.started' };

/** Tokens used. On a thread that was resumed the engine counts from the thread's beginning. */
export type Usage = {
  input_tokens: number;
  cached_input_tokens: number;
  /** 0 where the engine does not say. */
  cache_write_input_tokens: number;
  output_tokens: number;
  reasoning_output_tokens: number;
};

/** The turn is over, and has not failed. */
export type TurnCompletedEvent = { type: 'turn.completed'; usage: Usage };

/** The turn is over, and has failed: `run()` rejects with a `ThreadRunError`. */
export type TurnFailedEvent = { type: 'turn.failed'; error: ThreadError };

/** An item has come up; it is usually not finished. */
export type ItemStartedEvent = { type: 'item.started'; item: ThreadItem };

/** An item has changed. */
export type ItemUpdatedEvent = { type: 'item.updated'; item: ThreadItem };

/** The item will not change any more, whether it succeeded or failed. */
export type ItemCompletedEvent = { type: 'item.completed'; item: ThreadItem };

/** Why a turn failed, in the engine's words. */
export type ThreadError = { message: string };

/** The engine's word that something went wrong. It may go on after it: `Reconnecting… 1/5` is such an event. */
export type ThreadErrorEvent = { type: 'error'; message: string };

/**
 * One line of `codex exec --json`. An event of a kind that is not listed here passes through as the engine sent it: see
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

/** An event of a later engine, with all its fields. Not part of `ThreadEvent`: its `type` could not tell the others apart then. */
export type UnknownThreadEvent = { type: string; [field: string]: unknown };
