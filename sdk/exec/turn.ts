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

/** What `run()` resolves to; with the option `output`, that has the value of the answer. */
export type RunResult<Output = undefined> = [Output] extends [undefined] ? Turn : Turn & { output: Output };

/** A turn that may not have begun yet: the engine starts when the first event is asked for. */
export type StreamedTurn = {
  /** Leaving the loop early ends the engine. */
  events: AsyncGenerator<ThreadEvent, void, undefined>;
};

/** What `runStreamed()` resolves to; with the option `output`, that has the result too. */
export type RunStreamedResult<Output = undefined> = [Output] extends [undefined]
  ? StreamedTurn
  : StreamedTurn & {
      /**
       * The result of the turn with its `output`. It reads the events to their end, and your loop still gets all of them,
       * so you can call it before, beside or after the loop.
       * @throws what `run()` throws; `StructuredOutputError` with the reason `interrupted` if you left the loop early
       */
      result(): Promise<RunResult<Output>>;
    };
