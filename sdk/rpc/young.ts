import type { JsonObject } from '../protocol/index.ts';

/**
 * Makes plain objects that are born in the young generation. V8 puts the objects of a literal into the old one where
 * many of them have survived a collection, as those do that thousands of waiting streams have had last. There, a dead one
 * keeps all that it refers to until the next full collection. What a constructor makes stays young.
 */
function plain<C>(make: (...values: never[]) => void): C {
  make.prototype = Object.prototype;
  return make as unknown as C;
}

/** `{ done: false, value }` */
export const Next = plain<new <T>(value: T) => IteratorYieldResult<T>>(function (
  this: IteratorYieldResult<unknown>,
  value: unknown,
) {
  this.done = false;
  this.value = value;
});

interface Event {
  method: string;
  payload: JsonObject;
  known: boolean;
}

/** `{ method, payload, known }` */
export const Told = plain<new (method: string, payload: JsonObject, known: boolean) => Event>(function (
  this: Event,
  method: string,
  payload: JsonObject,
  known: boolean,
) {
  this.method = method;
  this.payload = payload;
  this.known = known;
});
