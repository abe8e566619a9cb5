import { keyOf } from '../exact-json.ts';
import { isObject, type JsonValue } from '../json.ts';
import type { Bindings } from './bindings.ts';
import type { HearCue } from './cues.ts';
import { type LeafDifference, leafDifferences } from './leaf-differences.ts';

/** A client's message found its place. Remaining differences are reported and the replay continues. */
export interface Heard {
  cue: HearCue;
  differences: LeafDifference[];
}

/** The client's messages that the golden still expects, in recorded order. */
export class Expectations {
  readonly #bindings: Bindings;
  readonly #left: Set<HearCue>;
  readonly #waiting = new Map<HearCue, () => void>();

  constructor(cues: readonly HearCue[], bindings: Bindings) {
    this.#left = new Set(cues);
    this.#bindings = bindings;
  }

  get left(): HearCue[] {
    return [...this.#left];
  }

  /** Resolves when the message has arrived; undefined if it is already there. */
  heard(cue: HearCue): Promise<void> | undefined {
    if (!this.#left.has(cue)) return undefined;
    return new Promise((resolve) => this.#waiting.set(cue, resolve));
  }

  /**
   * Finds the place of a client's message: same method (or the answer to the same request), same thread, turn and item.
   * Within a thread the first such place is taken, so that a later message never takes it. If no thread is named
   * (`thread/start` of two threads at once), the place it differs from least. Undefined if no place is left.
   */
  take(message: JsonValue, raw = false): Heard | undefined {
    let best: (Heard & { bound: Map<string, string> }) | undefined;
    const lanes = new Set<string>();
    for (const cue of this.#left) {
      if (cue.raw !== raw || lanes.has(cue.lane)) continue;
      const bound = new Map<string, string>();
      const differences = raw ? rawDifferences(cue.message, message) : this.#compare(cue.message, message, bound);
      if (differences === undefined) continue;
      if (cue.lane !== 'out/-') lanes.add(cue.lane);
      if (best === undefined || differences.length < best.differences.length) best = { cue, differences, bound };
    }
    if (best === undefined) return undefined;
    const { cue, differences, bound } = best;
    for (const [placeholder, value] of bound) this.#bindings.bind(placeholder, value);
    if (isObject(cue.message) && isObject(message) && typeof cue.message.id === 'string' && message.method) {
      this.#bindings.requests.set(cue.message.id, message.id ?? null);
    }
    this.#left.delete(cue);
    this.#waiting.get(cue)?.();
    return { cue, differences };
  }

  /** Undefined if it is another message. */
  #compare(golden: JsonValue, client: JsonValue, bound: Map<string, string>): LeafDifference[] | undefined {
    if (!isObject(golden) || !isObject(client)) return rawDifferences(golden, client);
    const { id: goldenId, method: goldenMethod, ...goldenRest } = golden;
    const { id, method, ...rest } = client;
    if (method !== goldenMethod || (id === undefined) !== (goldenId === undefined)) return undefined;
    if (method === undefined) {
      const sent = typeof goldenId === 'string' ? this.#bindings.sentServerRequest(goldenId) : undefined;
      if (keyOf(sent ?? goldenId) !== keyOf(id)) return undefined;
    }
    const differences = leafDifferences(goldenRest, rest, this.#bindings, bound);
    return differences.some((one) => one.identity) ? undefined : differences;
  }
}

function rawDifferences(golden: JsonValue, client: JsonValue): LeafDifference[] | undefined {
  return keyOf(golden) === keyOf(client) ? [] : undefined;
}
