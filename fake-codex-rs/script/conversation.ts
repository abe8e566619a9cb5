import { isObject, type JsonObject, type JsonValue, shown } from '../exact-json.ts';
import { checkValue, type ValueProblem } from '../template/check-value.ts';
import { complete } from '../template/complete.ts';
import type { Contract } from '../template/contract.ts';
import type { Facts } from '../template/default-values.ts';
import type { Bound } from './values.ts';

/** Facts about the run that no message changes. */
export type RunFacts = Pick<Facts, 'workspace' | 'codexHome' | 'engineVersion' | 'moment'>;

/** `01900000-…-000000000001`: the form of the engine's ids, the same in every run. */
const id = (kind: 'thread' | 'turn', n: number): string =>
  `01900000-0000-7000-${kind === 'thread' ? '8' : '9'}000-${String(n).padStart(12, '0')}`;

/** Requests that start a thread: their answers get a new id. */
const beginsThread = new Set(['thread/start', 'thread/fork']);

/** The current thread, turn and item: templates use those that were named last. */
export class Conversation {
  readonly #contract: Contract;
  readonly #run: RunFacts;
  #threads = 0;
  #turns = 0;
  #items = 0;
  #itemOpen = false;
  #current = { threadId: id('thread', 1), turnId: id('turn', 1), itemId: 'item-1' };
  #client = { clientName: 'unknown', clientVersion: '0.0.0' };

  constructor(contract: Contract, run: RunFacts) {
    this.#contract = contract;
    this.#run = run;
  }

  /** A client's message whose turn has come. Returns what its name stands for, with the ids of its thread and turn. */
  heard(message: JsonObject): Bound {
    const { method, params } = message;
    const said = isObject(params) ? params : {};
    if (method === 'initialize' && isObject(said.clientInfo)) {
      const { name, version } = said.clientInfo;
      this.#client = { clientName: String(name), clientVersion: String(version) };
    }
    if (beginsThread.has(String(method))) this.#current.threadId = id('thread', ++this.#threads);
    else if (typeof said.threadId === 'string') this.#current.threadId = said.threadId;
    if (method === 'turn/start') {
      this.#current.turnId = id('turn', ++this.#turns);
      this.#itemOpen = false;
    } else if (typeof said.turnId === 'string') this.#current.turnId = said.turnId;
    else if (typeof said.expectedTurnId === 'string') this.#current.turnId = said.expectedTurnId;
    return { ...message, threadId: this.#current.threadId, turnId: this.#current.turnId };
  }

  result(bound: Bound, given: JsonValue | undefined): JsonValue | undefined {
    const method = String(bound.method);
    const type = own(this.#contract.methods.results, method);
    if (type === undefined) return given;
    const { threadId, turnId, params } = bound as { threadId: string; turnId: string; params?: JsonObject };
    // The requested login is the one that starts.
    const asked = method === 'account/login/start' && given === undefined ? { type: params?.type ?? null } : given;
    const result = this.#completed(type, method, asked, { threadId, turnId });
    if (isObject(result) && isObject(result.turn) && typeof result.turn.id === 'string')
      this.#current.turnId = result.turn.id;
    if (
      isObject(result) &&
      isObject(result.thread) &&
      typeof result.thread.id === 'string' &&
      beginsThread.has(method)
    ) {
      this.#current.threadId = result.thread.id;
    }
    return result;
  }

  params(kind: 'requests' | 'notifications', method: string, given: JsonValue | undefined): JsonValue | undefined {
    const type = own(this.#contract.methods[kind], method);
    if (type === undefined || type === null) return given;
    this.#learn(method, given);
    const params = this.#completed(type, method, given, {});
    if (method === 'item/completed') this.#itemOpen = false;
    return params;
  }

  /** Undefined if the message follows the contract. */
  check(
    kind: 'results' | 'requests' | 'notifications' | 'errors',
    method: string,
    value: JsonValue | undefined,
  ): ValueProblem | undefined {
    const type = kind === 'errors' ? 'JSONRPCErrorError' : own(this.#contract.methods[kind], method);
    if (type === undefined) return { path: '/method', expected: 'a method of the contract', got: shown(method) };
    if (type === null) {
      return value === undefined || value === null ? undefined : { path: '', expected: 'nothing', got: shown(value) };
    }
    if (value === undefined) return { path: '', expected: type, got: 'nothing' };
    return checkValue(this.#contract, this.#contract.type(type), value);
  }

  /** The thread, turn and item that a notification states are the current ones for the next. */
  #learn(method: string, given: JsonValue | undefined): void {
    const said = isObject(given) ? given : {};
    const current = this.#current;
    if (typeof said.threadId === 'string') current.threadId = said.threadId;
    if (typeof said.turnId === 'string') current.turnId = said.turnId;
    if (isObject(said.turn) && typeof said.turn.id === 'string') current.turnId = said.turn.id;
    const named = isObject(said.item) ? said.item.id : said.itemId;
    if (typeof named === 'string') current.itemId = named;
    else if (method === 'item/started' || (method.startsWith('item/') && !this.#itemOpen)) {
      current.itemId = `item-${++this.#items}`;
    }
    if (method.startsWith('item/')) this.#itemOpen = true;
  }

  #completed(type: string, method: string, given: JsonValue | undefined, ids: Partial<Facts>): JsonValue {
    const facts: Facts = { ...this.#run, ...this.#current, ...this.#client, method, ...ids };
    return complete(this.#contract, facts, { $ref: `#/definitions/${type}` }, given);
  }
}

const own = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
