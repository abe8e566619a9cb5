import type { ThreadEvent, Usage } from './events.ts';
import type { ThreadItem } from './items.ts';

/** A finished turn. */
export type Turn = {
  /** What happened, each item once, in the order of completion. */
  items: ThreadItem[];
  /** Text of the last agent message; empty if there was none. */
  finalResponse: string;
  /** Null if the engine did not report it. */
  usage: Usage | null;
};

/** What `run()` resolves to. */
export type RunResult = Turn;

/** A turn that may not have begun yet: the engine starts when the first event is asked for. */
export type StreamedTurn = {
  /** Leaving the loop early ends the engine. */
  events: AsyncGenerator<ThreadEvent, void, undefined>;
};

/** What `runStreamed()` resolves to. */
export type RunStreamedResult = StreamedTurn;
