import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import type { ReadLine } from './read-line.ts';

/**
 * A cell takes seconds: a time farther from the run's others has a wrong unit or time zone, or belongs to something
 * else.
 */
const nearMs = 600_000;

/** What the run's own lines say about its volatile values. */
export class VolatileFacts {
  readonly #said = new Set<string>();
  readonly #middle: number | undefined;

  constructor(lines: readonly ReadLine[]) {
    const moments: number[] = [];
    for (const { body, volatile } of lines) {
      if (body.ch !== 'wire.in') continue;
      for (const one of volatile) {
        this.#said.add(one.said);
        if (one.kind === 'moment') moments.push(one.ms);
      }
    }
    // The median, so that a single wrong time does not make the others wrong.
    this.#middle = moments.sort((a, b) => a - b)[Math.floor(moments.length / 2)];
  }

  /**
   * The line's value, where a volatile value that cannot be right gets its own placeholder: `<seconds far off>`,
   * `<duration not said>`. A client that shows `startedAt` as `completedAt`, or its own clock, was hidden before.
   */
  settle({ body, value, volatile }: ReadLine): JsonObject {
    const shown = body.ch === 'result' || body.ch === 'event';
    let out = value;
    for (const one of volatile) {
      const far = one.kind === 'moment' && this.#middle !== undefined && Math.abs(one.ms - this.#middle) > nearMs;
      const wrong = far ? 'far off' : shown && !this.#said.has(one.said) ? 'not said' : undefined;
      if (wrong !== undefined)
        out = withValue(out, one.path, `${one.placeholder.slice(0, -1)} ${wrong}>`) as JsonObject;
    }
    return out;
  }
}

function withValue(at: JsonValue | undefined, [key, ...rest]: readonly string[], value: string): JsonValue | undefined {
  if (key === undefined) return value;
  if (Array.isArray(at))
    return at.map((inner, index) => (String(index) === key ? (withValue(inner, rest, value) as JsonValue) : inner));
  return isObject(at) ? { ...at, [key]: withValue(at[key], rest, value) as JsonValue } : at;
}
