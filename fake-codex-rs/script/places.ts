import { isObject, type JsonObject, type JsonValue, writeJson } from '../exact-json.ts';
import type { ExpectStep, ReplyStep } from './steps.ts';
import { anything, type Bound, type Mismatch, mismatches, resolved, tell } from './values.ts';

export type PlaceStep = ExpectStep | ReplyStep;

/** The client's messages that a script waits for, each with what has arrived for it. */
export class Places {
  readonly #left: Set<PlaceStep>;
  readonly #come = new Map<PlaceStep, JsonObject>();
  readonly #waiting = new Map<PlaceStep, () => void>();
  readonly #names: ReadonlyMap<string, Bound>;

  constructor(steps: readonly PlaceStep[], names: ReadonlyMap<string, Bound>) {
    this.#left = new Set(steps);
    this.#names = names;
  }

  /** Resolves when the message has arrived, at once if it is already there. */
  async come(step: PlaceStep): Promise<void> {
    if (!this.#come.has(step)) await new Promise<void>((resolve) => this.#waiting.set(step, resolve));
  }

  message(step: PlaceStep): JsonObject | undefined {
    return this.#come.get(step);
  }

  /**
   * Finds the first place that waits for a client's message, in the script's order. It may arrive early.
   * @param to the name of the server request that it answers
   * @returns false if there is no place for it
   */
  take(message: JsonObject, to?: string): boolean {
    for (const step of this.#left) {
      if (!isFor(step, message, to) || this.#differences(step, message).length > 0) continue;
      this.#left.delete(step);
      this.#come.set(step, message);
      this.#waiting.get(step)?.();
      return true;
    }
    return false;
  }

  /** Whether the script has a step for the answer to a server request. */
  mentions(to: string): boolean {
    return [...this.#left, ...this.#come.keys()].some((step) => step.verb === 'expect-reply' && step.to === to);
  }

  /** The nearest remaining place: one with the same method if there is any, then the one it differs from least. */
  nearest(message: JsonObject, to?: string): string | undefined {
    let best: { same: boolean; step: PlaceStep; differences: Mismatch[] } | undefined;
    for (const step of this.#left) {
      const same = isFor(step, message, to);
      const differences = same ? this.#differences(step, message) : [];
      if (best && (best.same !== same ? best.same : best.differences.length <= differences.length)) continue;
      best = { same, step, differences };
    }
    if (best === undefined) return undefined;
    const { step, differences } = best;
    const first = differences[0];
    return `the nearest is step ${step.at} (${nameOfPlace(step)})${first === undefined ? '' : `: ${tell(first)}`}`;
  }

  #differences(step: PlaceStep, message: JsonObject): Mismatch[] {
    if (step.verb === 'expect-reply') return mismatches(resolved(step.match, this.#names, anything), message);
    if (step.params === undefined) return [];
    return mismatches(resolved(step.params, this.#names, anything), message.params, '/params');
  }
}

export const nameOfPlace = (step: PlaceStep): string =>
  step.verb === 'expect' ? `expect ${step.method}` : `expect-reply ${step.to}`;

function isFor(step: PlaceStep, { method }: JsonObject, to: string | undefined): boolean {
  return step.verb === 'expect' ? method === step.method : method === undefined && step.to === to;
}

/** `turn/start`, `an answer to "1"`, … for sentences. */
export function nameOfMessage(message: JsonValue): string {
  if (!isObject(message)) return 'a line that is not a message';
  return typeof message.method === 'string' ? message.method : `an answer to ${writeJson(message.id ?? null)}`;
}
