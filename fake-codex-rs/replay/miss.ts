import { isObject, type JsonObject, type JsonValue, shown } from '../exact-json.ts';
import type { Bindings } from './bindings.ts';
import { type HearCue, nameOf } from './cues.ts';
import { countLeaves, type LeafDifference, leafDifferences } from './leaf-differences.ts';

/** The content of a `replay miss` mark. `text` is all of it in one sentence. */
export type Miss = JsonObject & { text: string };

/** A client's message for which the golden has no place left. */
export function unexpected(message: JsonValue, raw: boolean, left: readonly HearCue[], bindings: Bindings): Miss {
  const came = `the client sent ${nameOf(message, raw)}`;
  const nearest = nearestOf(message, left, bindings);
  if (nearest === undefined) {
    return { text: `${came}, but the golden awaits nothing more of it`, came: message };
  }
  const { cue, first } = nearest;
  const text = `${came}, which no remaining line of the golden awaits; the nearest is ${nameOf(cue.message, cue.raw)} in line ${cue.number}`;
  if (first === undefined) return { text, came: message, nearest: { line: cue.number } };
  return {
    text: `${text}: at ${first.path || 'the whole message'} expected ${shown(first.golden)}, got ${shown(first.client)}`,
    came: message,
    nearest: { line: cue.number, path: first.path, golden: first.golden ?? null, client: first.client ?? null },
  };
}

/** The client is done (or the engine was asked to exit) before the golden is. */
export function unconsumed(left: readonly HearCue[], why: string): Miss {
  const [first] = left;
  if (first === undefined) return { text: why };
  const more = left.length > 1 ? `, and ${left.length - 1} more after it` : '';
  return {
    text: `${why}, but the golden still awaits ${nameOf(first.message, first.raw)} in line ${first.number}${more}`,
    awaited: { line: first.number, message: first.message },
    left: left.length,
  };
}

interface Nearest {
  cue: HearCue;
  first: LeafDifference | undefined;
}

/** Same method first, then the most equal values. */
function nearestOf(message: JsonValue, left: readonly HearCue[], bindings: Bindings): Nearest | undefined {
  let best: (Nearest & { sameMethod: boolean; equal: number }) | undefined;
  for (const cue of left) {
    const sameMethod = methodOf(cue.message) === methodOf(message);
    const differences = leafDifferences(comparable(cue.message), comparable(message), bindings, new Map());
    const equal = countLeaves(cue.message) - differences.length;
    if (best && (best.sameMethod !== sameMethod ? best.sameMethod : best.equal >= equal)) continue;
    // What makes it another message comes first.
    const telling = (one: LeafDifference) => (one.path === '/method' ? 2 : one.identity ? 1 : 0);
    const [first] = differences.sort((a, b) => telling(b) - telling(a));
    best = { cue, first, sameMethod, equal };
  }
  return best;
}

const methodOf = (message: JsonValue): JsonValue | undefined => (isObject(message) ? message.method : undefined);

/** A request's id is the client's own choice and means nothing; an answer's id says what it answers. */
function comparable(message: JsonValue): JsonValue {
  if (!isObject(message) || message.method === undefined) return message;
  const { id: _id, ...rest } = message;
  return rest;
}
