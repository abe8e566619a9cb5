import { isObject, type JsonValue } from '../../testing/json/json.ts';
import type { ObservationBody } from '../observation/types.ts';
import { idKey, textAt, threadOf, type WireFacts } from './wire-facts.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** An id and its placeholder. */
export type MetId = readonly [id: string, placeholder: string];

/** Avoids searching long texts and most short ones. */
const mayHaveId = (text: string): boolean => text.length >= 36 && text.includes('-');

/** Every id in a text, in order of appearance. */
export const idsIn = (text: string): string[] => (mayHaveId(text) ? (text.match(uuid) ?? []) : []);

/**
 * Ids by kind and owner. An id is bound once and is then equal everywhere, so that a wrong id shows: request ids in the
 * order sent, threads and turns from their results, items per turn, and the rest by their lane. Numbering everything in
 * one order of first appearance does not work: of 20 scenarios recorded again, only 6 were the same, because floating
 * notifications shifted every later id.
 */
export class IdBindings {
  readonly requests = new Map<string, string>();
  readonly serverRequests = new Map<string, string>();
  /** Whole values. */
  readonly #exact = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Ids bound by their lane. */
  readonly #late = new Set<string>();
  /** The ids met since this was last emptied: what a line depends on, besides the ids known before. */
  met: MetId[] = [];

  constructor(lines: readonly ObservationBody[], facts: WireFacts) {
    // A number is distinguished from a text: the official clients send texts.
    for (const id of facts.client.keys()) {
      this.requests.set(id, `<${id.startsWith('"') ? 'request' : 'numeric-request'}:${this.requests.size + 1}>`);
    }
    for (const id of facts.server.keys())
      this.serverRequests.set(id, `<server-request:${this.serverRequests.size + 1}>`);
    this.#bindThreads(lines, facts);
    this.#bindTurns(lines, facts);
    this.#bindItems(lines, facts);
  }

  /** The placeholder of a thread, turn or item id. */
  get(id: string): string | undefined {
    return this.#exact.get(id);
  }

  /**
   * Replaces every id known beforehand in a text; short ones only if they are the whole text (`msg_1` may occur in any
   * prose).
   */
  replace(text: string): string {
    const whole = this.#early(text);
    if (whole !== undefined) return whole;
    return mayHaveId(text) ? text.replace(uuid, (id) => this.#early(id) ?? id) : text;
  }

  #early(id: string): string | undefined {
    return this.#late.has(id) ? undefined : this.#exact.get(id);
  }

  /** Replaces every bound id, and binds the others, numbered within their owner. */
  bind(text: string, owner: string): string {
    const whole = this.#exact.get(text);
    if (whole !== undefined) {
      if (this.#late.has(text)) this.met.push([text, whole]);
      return whole;
    }
    if (!mayHaveId(text)) return text;
    return text.replace(uuid, (id) => {
      if (!this.#exact.has(id)) this.#late.add(id);
      const placeholder = this.#bind(id, `id:${owner}`);
      if (this.#late.has(id)) this.met.push([id, placeholder]);
      return placeholder;
    });
  }

  /** Binds ids in the way that a line met them before. False if they are bound to something else now. */
  bindAgain(met: readonly MetId[], owner: string): boolean {
    return met.every(([id, placeholder]) => {
      if (!this.#exact.has(id)) this.#late.add(id);
      return this.#bind(id, `id:${owner}`) === placeholder;
    });
  }

  /** Everything that is bound. */
  known(): ReadonlyMap<string, string> {
    return new Map(this.#exact);
  }

  #bind(id: string, owner: string, separator = '#'): string {
    const known = this.#exact.get(id);
    if (known !== undefined) return known;
    const count = (this.#counts.get(owner) ?? 0) + 1;
    this.#counts.set(owner, count);
    const placeholder = `<${owner}${separator}${count}>`;
    this.#exact.set(id, placeholder);
    return placeholder;
  }

  /** `<thread:1>` → `1`. */
  #number(placeholder: string): string {
    return placeholder.slice(placeholder.indexOf(':') + 1, -1);
  }

  #bindThreads(lines: readonly ObservationBody[], facts: WireFacts): void {
    for (const request of facts.client.values()) {
      const answer = request.answer === undefined ? undefined : lines[request.answer];
      const thread = answer?.ch === 'wire.in' ? textAt(answer.msg, 'result', 'thread', 'id') : undefined;
      if (thread !== undefined) this.#bind(thread, 'thread', ':');
    }
    for (const line of lines) {
      if (line.ch !== 'wire.in' || !isObject(line.msg)) continue;
      // A run of `exec` says nothing else about its thread.
      const begun = line.run !== undefined && line.msg.type === 'thread.started' ? line.msg.thread_id : undefined;
      const thread = typeof begun === 'string' ? begun : threadOf(line.msg.params, facts);
      if (thread !== undefined && (begun !== undefined || line.msg.method !== undefined))
        this.#bind(thread, 'thread', ':');
    }
  }

  #bindTurns(lines: readonly ObservationBody[], facts: WireFacts): void {
    const bind = (turn: string | undefined, thread: string | undefined) => {
      if (turn === undefined) return;
      const owner = thread === undefined ? undefined : this.#exact.get(thread);
      this.#bind(turn, owner === undefined ? 'turn:?' : `turn:${this.#number(owner)}`, '.');
    };
    for (const request of facts.client.values()) {
      const answer = request.answer === undefined ? undefined : lines[request.answer];
      if (answer?.ch === 'wire.in') bind(textAt(answer.msg, 'result', 'turn', 'id'), request.threadId);
    }
    for (const line of lines) {
      if (line.ch !== 'wire.in' || !isObject(line.msg)) continue;
      const turn = textAt(line.msg.params, 'turnId') ?? textAt(line.msg.params, 'turn', 'id');
      bind(turn, threadOf(line.msg.params, facts));
    }
  }

  #bindItems(lines: readonly ObservationBody[], _facts: WireFacts): void {
    for (const line of lines) {
      if (line.ch !== 'wire.in' || !isObject(line.msg)) continue;
      const { params } = line.msg;
      const item = textAt(params, 'item', 'id') ?? textAt(params, 'itemId');
      const turn = textAt(params, 'turnId');
      const owner = turn === undefined ? undefined : this.#exact.get(turn);
      if (item !== undefined && owner !== undefined) this.#bind(item, `item:${this.#number(owner)}`, '.');
    }
  }
}

/** Replaces `id` of a wire message, and the request ids that notifications repeat. */
export function bindRequestIds(
  message: JsonValue,
  direction: 'wire.in' | 'wire.out',
  bindings: IdBindings,
): { message: JsonValue; request: string | undefined } {
  if (!isObject(message)) return { message, request: undefined };
  const out = { ...message };
  let request: string | undefined;
  if (message.id !== undefined) {
    const isRequest = typeof message.method === 'string';
    const sentByClient = isRequest === (direction === 'wire.out');
    request = (sentByClient ? bindings.requests : bindings.serverRequests).get(idKey(message.id));
    if (request !== undefined) out.id = request;
  }
  if (isObject(out.params) && out.params.requestId !== undefined) {
    const named =
      bindings.serverRequests.get(idKey(out.params.requestId)) ?? bindings.requests.get(idKey(out.params.requestId));
    if (named !== undefined) out.params = { ...out.params, requestId: named };
  }
  return { message: out, request };
}
