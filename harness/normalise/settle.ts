import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import type { ClientId } from '../clients/clients.ts';
import type { ReadLine } from './read-line.ts';
import { textAt } from './wire-facts.ts';

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

export const turnFailureRule = 'turn-failure-class';

/** Clients whose `run()` reports a failed turn with a plain Error. */
const plain: ReadonlySet<ClientId> = new Set<ClientId>(['ts-official']);

/**
 * The error of a `run()` whose turn failed. If the client has no class for it, it gets the class that the others have.
 * No pattern can recognise it, because its text is the engine's, so it must be exactly what a `turn.failed` of this
 * observation said. Any other plain Error stays as it was, and so does a client that has the class.
 */
export function settleTurnFailures(lines: readonly ReadLine[], client: ClientId): readonly ReadLine[] {
  if (!plain.has(client)) return lines;
  const said = new Set(
    lines.flatMap(({ body }) =>
      body.ch === 'wire.in' && isObject(body.msg) && body.msg.type === 'turn.failed'
        ? [textAt(body.msg.error, 'message')]
        : [],
    ),
  );
  return lines.map((line) => {
    const { body, value } = line;
    // Read as JSON, because the sensitivity check removes members.
    const { error, op } = value;
    if (body.ch !== 'error' || !isObject(error) || error.class !== 'Error' || !String(op).endsWith('.run')) return line;
    if (!said.has(body.error.message)) return line;
    return { ...line, value: { ...value, error: { ...error, class: 'ThreadRunError' } } };
  });
}

/**
 * The exits of runs of `exec` whose turn has failed. `run()` kills the engine at the event, while the engine is about
 * to exit with 1 by itself. Which comes first is a race that says nothing about the client. Every other exit is
 * compared unchanged.
 */
export function settleExits(lines: readonly ReadLine[]): readonly ReadLine[] {
  const failed = new Set(
    lines.flatMap(({ body }) =>
      body.ch === 'wire.in' && body.run !== undefined && textAt(body.msg, 'type') === 'turn.failed' ? [body.run] : [],
    ),
  );
  if (failed.size === 0) return lines;
  return lines.map((line) => {
    const { body } = line;
    if (body.ch !== 'exit' || body.run === undefined || !failed.has(body.run)) return line;
    const ended = body.code === 1 || body.signal === 'SIGTERM' || body.signal === 'SIGKILL';
    return ended ? { ...line, value: { ...line.value, code: '<failed>', signal: null } as JsonObject } : line;
  });
}
