import { isObject, type JsonObject, type JsonValue, mapTexts } from '../json/json.ts';
import { keyOfJson } from '../json/write-json.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A recorded message; `side` is the client's (`out`) or the engine's (`in`). */
export interface RecordedMessage {
  side: 'out' | 'in';
  message: JsonValue;
}

/** A message with its ids bound, its thread, and what it is about. */
export interface BoundMessage {
  message: JsonValue;
  /** Placeholder of its thread; `-` if it has none. */
  thread: string;
  /** The method, or `answer METHOD`. */
  key: string;
}

/**
 * Replaces the ids of a recording with placeholders: requests by number, threads, turns and items by what they are,
 * every other UUID by its number. Ids of another form (`msg_1`, a number that a client chose) stay, and the fake engine
 * sends the same ones.
 */
export class RecordedIds {
  readonly #bound = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #requests = new Map<string, { placeholder: string; method: string; thread: string }>();
  #start = 0;

  /** Another engine starts: its clients may use the same request ids again. */
  begin(): void {
    this.#start += 1;
  }

  bind({ side, message }: RecordedMessage): BoundMessage {
    if (!isObject(message)) return { message: this.#replace(message), thread: '-', key: 'message' };
    this.#learn(message);
    const out = this.#replace(message) as JsonObject;
    const { id, method } = message;
    if (typeof method === 'string') {
      const thread = threadIn(out.params);
      if (id === undefined) return { message: this.#withRequestId(message, out, side), thread, key: method };
      const kind = side === 'out' ? 'request' : 'server-request';
      const placeholder = `<${kind}:${this.#next(kind)}>`;
      this.#requests.set(this.#requestKey(side, id), { placeholder, method, thread });
      return { message: { ...out, id: placeholder }, thread, key: method };
    }
    const asked =
      id === undefined ? undefined : this.#requests.get(this.#requestKey(side === 'out' ? 'in' : 'out', id));
    if (asked === undefined) return { message: out, thread: '-', key: 'answer ?' };
    return { message: { ...out, id: asked.placeholder }, thread: asked.thread, key: `answer ${asked.method}` };
  }

  /** Replaces the ids in a text that is not a message. */
  text(text: string): string {
    return text.replace(uuid, (id) => this.#placeholder(id, 'id:recording', '#'));
  }

  /** `serverRequest/resolved` names a request of the engine. */
  #withRequestId(message: JsonObject, out: JsonObject, side: 'out' | 'in'): JsonObject {
    const named = isObject(message.params) ? message.params.requestId : undefined;
    if (named === undefined || !isObject(out.params)) return out;
    const asked = this.#requests.get(this.#requestKey(side, named));
    return asked === undefined ? out : { ...out, params: { ...out.params, requestId: asked.placeholder } };
  }

  #learn(message: JsonObject): void {
    for (const holder of [message.params, message.result]) {
      if (!isObject(holder)) continue;
      const thread = isObject(holder.thread) ? holder.thread.id : holder.threadId;
      const turn = isObject(holder.turn) ? holder.turn.id : holder.turnId;
      const item = isObject(holder.item) ? holder.item.id : holder.itemId;
      this.#learnId(thread, 'thread');
      this.#learnId(turn, 'turn');
      this.#learnId(item, 'item');
    }
  }

  #learnId(id: JsonValue | undefined, kind: string): void {
    if (typeof id === 'string' && new RegExp(`^${uuid.source}$`).test(id)) this.#placeholder(id, kind, ':');
  }

  #replace(value: JsonValue): JsonValue {
    return mapTexts(value, (text) => this.text(text));
  }

  #placeholder(id: string, kind: string, separator: string): string {
    const known = this.#bound.get(id);
    if (known !== undefined) return known;
    const placeholder = `<${kind}${separator}${this.#next(kind)}>`;
    this.#bound.set(id, placeholder);
    return placeholder;
  }

  #next(kind: string): number {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return count;
  }

  #requestKey(side: 'out' | 'in', id: JsonValue): string {
    return `${this.#start} ${side} ${keyOfJson(id)}`;
  }
}

function threadIn(params: JsonValue | undefined): string {
  if (!isObject(params)) return '-';
  const id = isObject(params.thread) ? params.thread.id : params.threadId;
  return typeof id === 'string' ? id : '-';
}
