import type { JsonObject } from '../../testing/json/json.ts';

/** A step of a scenario or of a script, as it stands in the file. */
export type Line = JsonObject;

/** What is under way on the thread when the first operation begins. */
export type Ground = 'idle' | 'turn' | 'goal';

/** One operation within a pair: what the program does, and what the engine says and hears. */
export interface Side {
  /** Begins it: `start` and what belongs to it. Absent where the engine begins it. */
  step?: Line;
  /** The script until the operation is unfinished: the engine has its request. Empty where it asks the engine nothing. */
  begins: readonly Line[];
  /** The rest of the script; called where the rest is placed, because what is left to say depends on what was said. */
  ends(): readonly Line[];
  /** Lets go what the program itself keeps open, once everything before it has been written. */
  frees?: readonly Line[];
  /** The client refuses it by itself, or the engine does. */
  fails?: boolean;
  /** The rule of `answers` that it needs. */
  answer?: Line;
}

/** The id of the thread that the steps call so. */
export const idOf = (thread: string): string => `thread-${thread}`;

/** The engine's side of one thread during one pair, as the script plays it. */
export class Block {
  readonly number: number;
  /** The name of the thread in the steps. */
  readonly thread: string;
  /** Its id. */
  readonly threadId: string;
  readonly #turns = new Set<string>();
  goal = false;
  #status = 'completed';

  constructor(number: number, thread: string) {
    this.number = number;
    this.thread = thread;
    this.threadId = idOf(thread);
  }

  interrupted(): void {
    this.#status = 'interrupted';
  }

  /** The turn that runs, if one does; of several the first. */
  get turn(): string | undefined {
    return [...this.#turns][0];
  }

  /** A turn runs from now on. */
  begun(turn: string): void {
    this.#turns.add(turn);
  }

  /** What runs ends, with all that waits for it. Says nothing if nothing does. */
  complete(): readonly Line[] {
    const { threadId, goal } = this;
    const turns = [...this.#turns];
    if (turns.length === 0) return [];
    this.#turns.clear();
    this.goal = false;
    const text = '{"summary":"one"}';
    return [
      ...(goal ? [{ send: 'thread/goal/updated', params: { threadId, goal: { status: 'complete' } } }] : []),
      ...turns.flatMap((turn) => [
        { send: 'item/completed', params: { threadId, turnId: turn, item: { id: `of-${turn}`, text } } },
        { send: 'turn/completed', params: { threadId, turn: { id: turn, status: this.#status } } },
      ]),
    ];
  }
}
