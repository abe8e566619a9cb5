import type { ThreadEvent, Usage } from './events.ts';
import type { ThreadItem } from './items.ts';

/** A turn that has ended. */
export type Turn = {
  /** What happened, each once, in the order of completion. */
  items: ThreadItem[];
  /** Text of the last agent message; empty where there was none. */
  finalResponse: string;
  /** Null where the engine did not say. */
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
