import { isObject } from '../../testing/json/json.ts';
import type { ObservationBody } from '../observation/types.ts';
import { bindRequestIds, type IdBindings } from './bind-ids.ts';
import { conversationOf } from './model-request.ts';
import { idKey, textAt, threadOf, type WireFacts, type WireRequest } from './wire-facts.ts';

export interface PlacedLine {
  lane: string;
  key: string;
}

/**
 * The lane of a line: lines of one lane have an order, lines of different lanes have none. There is never one global
 * order: turns of two threads float against each other, and so does an answer against the events of the turn that was
 * running when it was requested.
 */
export function laneOf(body: ObservationBody, facts: WireFacts, bindings: IdBindings): PlacedLine {
  if ('run' in body && body.run !== undefined) return runLane(body, body.run);
  switch (body.ch) {
    case 'call':
    case 'result':
    case 'error':
    case 'end':
    case 'hang':
      return { lane: `user/${body.lane}`, key: body.op };
    case 'event':
      return { lane: `user/${body.lane}${float(body.method)}`, key: body.method };
    case 'request':
      return { lane: `request/${named(threadOf(body.params, facts), bindings)}`, key: body.method };
    case 'wire.in':
    case 'wire.out':
      return wireLane(body, facts, bindings);
    case 'mark':
      return { lane: 'mark', key: body.mark };
    case 'model.request': {
      const thread = conversationOf(body);
      return { lane: `model/${(thread && bindings.get(thread)) ?? '-'}`, key: body.path };
    }
    case 'telemetry':
      // Notifications float, so what tells them does.
      return { lane: `telemetry/${body.name}`, key: body.name };
    case 'file':
      return { lane: 'file', key: body.path };
    default:
      return { lane: body.ch, key: body.ch };
  }
}

const runSides: Partial<Record<ObservationBody['ch'], string>> = { 'wire.in': 'in', 'wire.out': 'out', stderr: 'err' };

/** Several runs of `exec` may be in progress, so each has its own lanes. */
function runLane(body: ObservationBody, run: number): PlacedLine {
  const said = body.ch === 'wire.in' ? (textAt(body.msg, 'type') ?? 'raw') : body.ch === 'wire.out' ? 'stdin' : body.ch;
  return { lane: `${runSides[body.ch] ?? body.ch}/run${run}`, key: said };
}

function wireLane(
  body: ObservationBody & { ch: 'wire.in' | 'wire.out' },
  facts: WireFacts,
  bindings: IdBindings,
): PlacedLine {
  const side = body.ch === 'wire.in' ? 'in' : 'out';
  if (!isObject(body.msg)) return { lane: `${side}/-`, key: 'raw' };
  const { method, id } = body.msg;
  if (typeof method === 'string') {
    const thread = threadOf(body.msg.params, facts);
    return { lane: `${side}/${named(thread, bindings)}${side === 'in' ? float(method) : ''}`, key: method };
  }
  const asked = (body.ch === 'wire.in' ? facts.client : facts.server).get(idKey(id));
  const { request } = bindRequestIds(body.msg, body.ch, bindings);
  if (asked === undefined) return { lane: `${side}/-`, key: 'answer ?' };
  const key = `answer ${asked.method}`;
  if (floats(asked)) return { lane: `${side}/answer ${request ?? '?'}`, key };
  return { lane: `${side}/${named(asked.threadId, bindings)}`, key };
}

const floats = (asked: WireRequest) => asked.duringTurn || answeredAtItsEnd.has(asked.method);
const float = (method: string) => {
  const source = floatingSources.get(method) ?? (floatingMethods.has(method) ? method : undefined);
  return source === undefined ? '' : `~${source}`;
};
const named = (thread: string | undefined, bindings: IdBindings) =>
  thread === undefined ? '-' : (bindings.get(thread) ?? '?');

/**
 * Notifications without an order relative to others: the engine sends them from tasks of their own (measured over 20
 * scenarios, 5 to 10 recordings each). Each such method is a lane of its own, so that its own order still counts.
 */
const floatingMethods: ReadonlySet<string> = new Set([
  'account/rateLimits/updated',
  'app/list/updated',
  'configWarning',
  // A request, sent before a turn's first request to its model: before or after the turn is reported as started.
  'currentTime/read',
  'deprecationNotice',
  'mcpServer/startupStatus/updated',
  'remoteControl/status/changed',
  'skills/changed',
  'thread/queue/changed',
  'thread/readState/changed',
  'thread/settings/updated',
  'thread/started',
  'thread/status/changed',
  'thread/tokenUsage/updated',
  'warning',
]);

/**
 * Notifications that a command, a watcher, a search or a store of the engine sends when it has something to report.
 * They have no order relative to the answers, but one among those of the same source.
 */
const floatingSources: ReadonlyMap<string, string> = new Map([
  ['account/login/completed', 'account'],
  ['account/updated', 'account'],
  ['command/exec/outputDelta', 'command/exec'],
  ['externalAgentConfig/import/completed', 'externalAgentConfig'],
  ['externalAgentConfig/import/progress', 'externalAgentConfig'],
  ['fs/changed', 'fs'],
  ['fuzzyFileSearch/sessionCompleted', 'fuzzyFileSearch/sessionCompleted'],
  ['fuzzyFileSearch/sessionUpdated', 'fuzzyFileSearch/sessionUpdated'],
  ['process/exited', 'process'],
  ['process/outputDelta', 'process'],
  ['project/changed', 'project'],
  // What the model says as it is, beside what the engine makes of it: a tool may start before the response is told as over.
  ['rawResponse/completed', 'rawResponse'],
  ['rawResponseItem/completed', 'rawResponse'],
  ['thread/project/updated', 'project'],
  ['windowsSandbox/setupCompleted', 'windowsSandbox'],
]);

/** Requests that are answered when what they started has ended; other requests are answered in the meantime. */
const answeredAtItsEnd: ReadonlySet<string> = new Set(['command/exec']);
