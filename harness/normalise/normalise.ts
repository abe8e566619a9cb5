import type { JsonObject, JsonValue } from '../../testing/scripted-model/types.ts';
import type { Observation } from '../observation/types.ts';
import { bindRequestIds, IdBindings } from './bind-ids.ts';
import { laneOf } from './lanes.ts';
import { NormaliseMemory } from './memory.ts';
import { ModelRequestTrimmer } from './model-request.ts';
import type { ReadLine } from './read-line.ts';
import { VolatileFacts } from './settle-volatile.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation, type RuleContext } from './types.ts';
import { isObject, readWireFacts, textAt, type WireFacts } from './wire-facts.ts';

/**
 * Raw observation → what must be equal in every run of the scenario. Lines keep their recorded order; `compare` reads them by lane.
 * Pure: the same observation always gives the same result, with a `memory` of earlier ones or without.
 */
export function normalise(
  observation: Observation,
  memory: NormaliseMemory = new NormaliseMemory(),
): NormalisedObservation {
  const fired: Record<string, number> = {};
  const context = ruleContext(observation);
  const contextName = JSON.stringify(context);
  const read = observation.lines.flatMap((line) => {
    const one = memory.read(line, context, contextName);
    for (const name of one.fired) fired[name] = (fired[name] ?? 0) + 1;
    return one.read ?? [];
  });
  const bodies = read.map(({ body }) => body);
  const facts = readWireFacts(bodies);
  const { scenario, client, engineVersion } = observation.header;
  const lines = bindLines(read, facts, new IdBindings(bodies, facts), memory);
  return asNormalised({ header: { kind: 'golden', schemaVersion: 1, scenario, client, engineVersion }, lines, fired });
}

/** What the rules may look at, of the whole observation. */
export function ruleContext({ header, lines }: Observation): RuleContext {
  for (const line of lines) {
    if (line.ch !== 'wire.out' || textAt(line.msg, 'method') !== 'initialize') continue;
    return {
      header,
      clientName: textAt(line.msg, 'params', 'clientInfo', 'name'),
      clientVersion: textAt(line.msg, 'params', 'clientInfo', 'version'),
    };
  }
  return { header, clientName: undefined, clientVersion: undefined };
}

/** Lane by lane in the order of their names, not of time: a floating line never shifts the ids of another lane. */
function bindLines(
  read: readonly ReadLine[],
  facts: WireFacts,
  bindings: IdBindings,
  memory: NormaliseMemory,
): NormalisedLine[] {
  const volatile = new VolatileFacts(read);
  // Named before anything is bound on the way: a line whose ids are all in them depends on nothing else.
  const kept = memory.bound(JSON.stringify([bindings.known(), factsName(facts)]));
  const placed = read.map((one, index) => {
    const { lane, key } = laneOf(one.body, facts, bindings);
    return { one, index, lane, key: bindings.replace(String(key)) };
  });
  const out: NormalisedLine[] = new Array(placed.length);
  for (const lane of [...new Set(placed.map((line) => line.lane))].sort()) {
    const owner = lane.replace(/[<>]/g, '');
    for (const { one, index, lane: own, key } of placed) {
      if (own !== lane) continue;
      const value = volatile.settle(one);
      const known = value === one.value ? kept.get(one) : undefined;
      const lateUses = bindings.lateUses;
      const line = known ?? {
        lane,
        key,
        ch: one.body.ch,
        body: bindDeep(withRequests(value, one, bindings), bindings, owner) as JsonObject,
      };
      if (known === undefined && value === one.value && bindings.lateUses === lateUses) kept.set(one, line);
      out[index] = line;
    }
  }
  const trimmer = new ModelRequestTrimmer(memory.trimmed);
  return out.map((line) => {
    if (line.ch !== 'model.request' || !isObject(line.body.body)) return line;
    return { ...line, body: { ...line.body, body: trimmer.trim(line.body.body) } };
  });
}

const factsName = ({ client, server, threadOfTurn }: WireFacts): unknown => [
  [...client].map(([id, { method, threadId, duringTurn }]) => [id, method, threadId, duringTurn]),
  [...server].map(([id, { method, threadId, duringTurn }]) => [id, method, threadId, duringTurn]),
  [...threadOfTurn],
];

function withRequests(value: JsonObject, { body: { ch } }: ReadLine, bindings: IdBindings): JsonObject {
  if ((ch !== 'wire.in' && ch !== 'wire.out') || value.msg === undefined) return value;
  return { ...value, msg: bindRequestIds(value.msg, ch, bindings).message };
}

function bindDeep(value: JsonValue, bindings: IdBindings, owner: string): JsonValue {
  if (typeof value === 'string') return bindings.bind(value, owner);
  if (Array.isArray(value)) return value.map((inner) => bindDeep(inner, bindings, owner));
  if (!isObject(value)) return value;
  // Keys in sorted order: two engines may send the same object with its keys in another order.
  const out: JsonObject = {};
  const keys = Object.keys(value).map((key) => [bindings.replace(key), key] as const);
  keys.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, key] of keys) out[bindings.bind(name, owner)] = bindDeep(value[key] as JsonValue, bindings, owner);
  return out;
}
