import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import type { ObservationBody } from '../observation/types.ts';

export function textAt(value: JsonValue | undefined, ...path: string[]): string | undefined {
  let at = value;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return typeof at === 'string' ? at : undefined;
}

export interface WireRequest {
  index: number;
  method: string;
  threadId: string | undefined;
  /**
   * Whether a turn was active on its thread when it was sent, or it starts a turn of an ephemeral thread: its answer
   * then floats against the turn's events.
   */
  duringTurn: boolean;
  answer?: number;
}

/** What the wire says about requests and turns, read once before anything is replaced. */
export interface WireFacts {
  /** Client requests by id (as JSON text, so that 1 and "1" stay apart). */
  client: Map<string, WireRequest>;
  /** Server requests by id. */
  server: Map<string, WireRequest>;
  /** Thread of a turn. */
  threadOfTurn: Map<string, string>;
}

export const idKey = (id: JsonValue | undefined): string => keyOfJson(id ?? null);

/** The thread of an engine message: from its own field, otherwise from its turn. */
export function threadOf(params: JsonValue | undefined, facts: WireFacts): string | undefined {
  const direct = textAt(params, 'threadId') ?? textAt(params, 'thread', 'id') ?? textAt(params, 'conversationId');
  if (direct !== undefined) return direct;
  const turn = textAt(params, 'turnId') ?? textAt(params, 'turn', 'id');
  return turn === undefined ? undefined : facts.threadOfTurn.get(turn);
}

export function readWireFacts(lines: readonly ObservationBody[]): WireFacts {
  const facts: WireFacts = { client: new Map(), server: new Map(), threadOfTurn: new Map() };
  const active = new Map<string, number>();
  // Nothing is kept of an ephemeral thread, so the engine may finish a turn before it answers (3 of 16 runs side by
  // side).
  const ephemeral = new Set<string>();
  lines.forEach((line, index) => {
    if ((line.ch !== 'wire.in' && line.ch !== 'wire.out') || !isObject(line.msg)) return;
    const { method, id, params, result } = line.msg;
    const threadId = threadOf(params, facts);
    // The engine answers no request with a null id; clients answer an engine request with one.
    if (typeof method === 'string' && id !== undefined && (id !== null || line.ch === 'wire.in')) {
      const side = line.ch === 'wire.out' ? facts.client : facts.server;
      const racesItself = method === 'turn/start' && threadId !== undefined && ephemeral.has(threadId);
      const duringTurn = racesItself || (threadId !== undefined && (active.get(threadId) ?? 0) > 0);
      side.set(idKey(id), { index, method, threadId, duringTurn });
      // A turn counts as active from the moment its start is sent, because its events may arrive before the answer.
      if (line.ch === 'wire.out' && method === 'turn/start' && threadId !== undefined) {
        active.set(threadId, (active.get(threadId) ?? 0) + 1);
      }
      return;
    }
    if (typeof method === 'string') {
      const turn = textAt(params, 'turn', 'id') ?? textAt(params, 'turnId');
      if (turn !== undefined && threadId !== undefined) facts.threadOfTurn.set(turn, threadId);
      if (method === 'turn/completed' && threadId !== undefined) active.set(threadId, 0);
      return;
    }
    const request = (line.ch === 'wire.in' ? facts.client : facts.server).get(idKey(id));
    if (request === undefined || request.answer !== undefined) return;
    request.answer = index;
    if (line.ch !== 'wire.in') return;
    const thread = textAt(result, 'thread', 'id');
    if (thread !== undefined && request.threadId === undefined) request.threadId = thread;
    if (thread !== undefined && isObject(result) && isObject(result.thread) && result.thread.ephemeral === true)
      ephemeral.add(thread);
    const turn = textAt(result, 'turn', 'id');
    if (turn !== undefined && request.threadId !== undefined) facts.threadOfTurn.set(turn, request.threadId);
    if (request.method === 'turn/start' && turn === undefined && request.threadId !== undefined) {
      active.set(request.threadId, Math.max(0, (active.get(request.threadId) ?? 0) - 1));
    }
  });
  return facts;
}
