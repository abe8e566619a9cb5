import type { Held } from '../../../testing/held/held.ts';
import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody, ObservedError } from '../../observation/types.ts';
import type { FromDriver } from '../protocol.ts';
import type { AskedRequest, ObservedEvent } from './adapter.ts';

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

  /** What the client tells of itself. */
  telemetry(name: string, message: JsonObject): void {
    this.#line({ ch: 'telemetry', name, message });
  }

  end(lane: string, op: string): void {
    this.#line({ ch: 'end', lane, op });
  }

  hang(lane: string, op: string, step: number): void {
    this.#line({ ch: 'hang', lane, op, step });
  }

  /** What the client holds: the harness judges it, whatever else is observed. */
  rest(when: 'open' | 'closed', held: Held): void {
    this.#write({ type: 'line', run: this.#run, t: now(), line: { ch: 'rest', when, held } });
  }

  #line(line: ObservationBody): void {
    if (!this.#muted) this.#write({ type: 'line', run: this.#run, t: now(), line });
  }
}

/** Nanoseconds as a number are exact for the first 104 days after the machine's start, and close enough afterwards. */
const now = (): number => Number(process.hrtime.bigint());

/**
 * An error as observed: class name, message, number and data of an error answer, causes from the outermost. A string
 * `code` (Node's `ENOENT`) is left out, because Python's exceptions have nothing to compare it with.
 */
export function observedError(error: unknown, isRetryable: (error: unknown) => boolean): ObservedError {
  if (!(error instanceof Error)) return { class: typeof error, message: String(error), retryable: isRetryable(error) };
  const observed: ObservedError = { class: error.name, message: error.message };
  if ('code' in error && typeof error.code === 'number') observed.code = error.code;
  if ('data' in error && error.data !== undefined && error.data !== null) observed.data = error.data as JsonValue;
  observed.retryable = isRetryable(error);
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 20; cause = cause.cause)
    causes.push(cause.name);
  if (causes.length > 0) observed.causes = causes;
  return observed;
}
