import type { JsonObject } from '../../../testing/json/json.ts';
import { matchesPayload } from '../../scenario/match-payload.ts';
import type { ObservedEvent } from './adapter.ts';

/** One step, in the foreground or background: what it yielded, and whether it is over. */
export class Task {
  /** Rejects only with the driver's own failure: what the client threw has been observed by then. */
  readonly over: Promise<void>;
  readonly #cancel = new AbortController();
  readonly #events: ObservedEvent[] = [];
  #isOver = false;
  #changed: (() => void)[] = [];

  /**
   * Starts at once: `body` runs to its first wait before this returns. `body` passes each event of its stream to
   * `addEvent`.
   */
  constructor(body: (task: Task) => Promise<void>) {
    this.over = body(this).finally(() => {
      this.#isOver = true;
      this.#change();
    });
    // Whoever waits for the step is told about a failure; a background step may have nobody waiting yet.
    this.over.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Given to a call so that `cancel` can reach it. */
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort();
  }

  addEvent(event: ObservedEvent): void {
    this.#events.push(event);
    this.#change();
  }

  /** Waits for `times` matching events, counted from the first. False if the task ends with fewer. */
  async matched(match: JsonObject, times: number): Promise<boolean> {
    for (;;) {
      if (this.#events.filter((event) => matches(event, match)).length >= times) return true;
      if (this.#isOver) return false;
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }

  #change(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}

/** Whether every key of `match` equals that key of the event (`method`) or of its payload; dotted keys descend. */
export function matches(event: ObservedEvent, { method, ...payload }: JsonObject): boolean {
  return (method === undefined || method === event.method) && matchesPayload(event.payload, payload);
}
