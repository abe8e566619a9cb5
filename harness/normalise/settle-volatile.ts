import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import type { ReadLine } from './read-line.ts';

/** A cell takes seconds: a moment farther from the run's others is a wrong unit, a wrong time zone or another thing's moment. */
const nearMs = 600_000;

/** What the run's own lines say of its volatile values. */
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
    // The middle one, so that a single wrong moment does not make the others wrong.
    this.#middle = moments.sort((a, b) => a - b)[Math.floor(moments.length / 2)];
  }

  /**
   * The line's value, where a volatile value that cannot be right keeps a placeholder of its own: `<seconds far off>`, `<duration not said>`. A client that
   * shows `startedAt` as `completedAt`, or its own clock, was hidden before.
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
