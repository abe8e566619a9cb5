import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import type { FromDriver } from '../protocol.ts';
import type { AskedRequest, ObservedEvent } from './adapter.ts';
import { observedError } from './observed-error.ts';

/** The lines of one run. */
export class Observer {
  readonly #run: string;
  readonly #write: (message: FromDriver) => void;
  readonly #isRetryable: (error: unknown) => boolean;
  #muted = false;

  constructor(run: string, write: (message: FromDriver) => void, isRetryable: (error: unknown) => boolean) {
    this.#run = run;
    this.#write = write;
    this.#isRetryable = isRetryable;
  }

  /** Stops observing: how the driver tears down a client is not part of the scenario. */
  mute(): void {
    this.#muted = true;
  }

  call(lane: string, op: string, args: JsonObject): void {
    this.#line({ ch: 'call', lane, op, args });
  }

  result(lane: string, op: string, value: JsonValue): void {
    this.#line({ ch: 'result', lane, op, value });
  }

  error(lane: string, op: string, error: unknown): void {
    this.#line({ ch: 'error', lane, op, error: observedError(error, this.#isRetryable) });
  }

  event(lane: string, event: ObservedEvent): void {
    this.#line({ ch: 'event', lane, ...event });
  }

  /** A request of the engine as the client's handler receives it. `reply`: what the handler does. */
  request({ method, params }: AskedRequest, reply: JsonObject): void {
    this.#line({ ch: 'request', method, params, reply });
  }

  end(lane: string, op: string): void {
    this.#line({ ch: 'end', lane, op });
  }

  hang(lane: string, op: string, step: number): void {
    this.#line({ ch: 'hang', lane, op, step });
  }

  #line(line: ObservationBody): void {
    // Nanoseconds as a number are exact for the first 104 days after the machine's start, and close enough afterwards.
    if (!this.#muted) this.#write({ type: 'line', run: this.#run, t: Number(process.hrtime.bigint()), line });
  }
}
