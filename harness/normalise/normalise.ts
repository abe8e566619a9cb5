import { isObject, type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import type { Observation, ObservationLine } from '../observation/types.ts';
import { bindRequestIds, IdBindings } from './bind-ids.ts';
import { NormaliseCache, textsIn } from './cache.ts';
import { laneOf } from './lanes.ts';
import { ModelRequestTrimmer } from './model-request.ts';
import { settleRaces } from './races.ts';
import type { ReadLine } from './read-line.ts';
import { settleExits, settleTurnFailures, turnFailureRule, VolatileFacts } from './settle.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from './types.ts';
import { readWireFacts, type WireFacts } from './wire-facts.ts';

/**
 * Raw observation → what must be equal in every run of the scenario. Lines keep their recorded order; `compare` reads
 * them by lane. Pure: the same observation always gives the same result, with or without a `cache`.
 *
 * @param wholeRequests keeps all of the model's requests, for people to read: no golden is like that
 */
export function normalise(
  observation: Observation,
  cache: NormaliseCache = new NormaliseCache(),
  { wholeRequests = false } = {},
): NormalisedObservation {
  const reader = cache.reader(observation.header);
  const origins: number[] = [];
  // The fake has no races: if a script sends something in another order, it does so on purpose.
  const races = observation.header.engine === 'real' ? settleRaces(observation.lines) : undefined;
  const fired: Record<string, number> = { ...races?.fired };
  const read = (races?.order ?? observation.lines.map((_, index) => index)).flatMap((index) => {
    const one = reader(observation.lines[index] as ObservationLine);
    for (const [name, times] of one.fired) fired[name] = (fired[name] ?? 0) + times;
    if (one.read === undefined) return [];
    origins.push(index);
    return one.read;
  });
  const named = settleTurnFailures(read, observation.header.client);
  const failures = named.filter((line, index) => line !== read[index]).length;
  if (failures > 0) fired[turnFailureRule] = failures;
  const settled = settleExits(named);
  const bodies = settled.map(({ body }) => body);
  const facts = readWireFacts(bodies);
  const { scenario, client, engineVersion } = observation.header;
  const trimmer = new ModelRequestTrimmer(cache.trimmed, wholeRequests);
  const lines = bindLines(settled, facts, new IdBindings(bodies, facts), cache).map((line) => trimmer.trim(line));
  const header = { kind: 'golden', schemaVersion: 1, scenario, client, engineVersion } as const;
  return asNormalised({ header, lines, fired, origins });
}

/** Lane by lane in the order of their names, not of time: a floating line never shifts the ids of another lane. */
function bindLines(
  read: readonly ReadLine[],
  facts: WireFacts,
  bindings: IdBindings,
  cache: NormaliseCache,
): NormalisedLine[] {
  const volatile = new VolatileFacts(read);
  const changedIds = cache.changedIds(bindings.known());
  const lanes = new Map<string, { one: ReadLine; index: number; key: string }[]>();
  read.forEach((one, index) => {
    const { lane, key } = laneOf(one.body, facts, bindings);
    const line = { one, index, key: bindings.replace(String(key)) };
    const others = lanes.get(lane);
    if (others === undefined) lanes.set(lane, [line]);
    else others.push(line);
  });
  const out: NormalisedLine[] = new Array(read.length);
  for (const lane of [...lanes.keys()].sort()) {
    for (const { one, index, key } of lanes.get(lane) ?? []) {
      out[index] = bindLine(one, volatile.settle(one), { lane, key }, bindings, cache, changedIds);
    }
  }
  return out;
}

function bindLine(
  one: ReadLine,
  settled: JsonObject,
  { lane, key }: { lane: string; key: string },
  bindings: IdBindings,
  cache: NormaliseCache,
  changedIds: readonly string[],
): NormalisedLine {
  const owner = lane.replace(/[<>]/g, '');
  const { value, requests } = withRequests(settled, one, bindings);
  const kept = settled === one.value ? cache.lines.get(one) : undefined;
  if (kept !== undefined && kept.line.lane === lane && kept.line.key === key && kept.requests === requests) {
    if (!changedIds.some((id) => kept.texts.has(id)) && bindings.bindAgain(kept.met, owner)) return kept.line;
  }
  bindings.met = [];
  const line = { lane, key, ch: one.body.ch, body: bindDeep(value, bindings, owner) as JsonObject };
  if (kept === undefined && settled === one.value && changedIds.length === 0) {
    cache.lines.set(one, { line, requests, met: bindings.met, texts: textsIn(value) });
  }
  return line;
}

function withRequests(
  value: JsonObject,
  { body: { ch } }: ReadLine,
  bindings: IdBindings,
): { value: JsonObject; requests: string } {
  if ((ch !== 'wire.in' && ch !== 'wire.out') || value.msg === undefined) return { value, requests: '' };
  const { message } = bindRequestIds(value.msg, ch, bindings);
  if (!isObject(message)) return { value, requests: '' };
  const named = isObject(message.params) ? message.params.requestId : undefined;
  return { value: { ...value, msg: message }, requests: `${message.id} ${named}` };
}

function bindDeep(value: JsonValue, bindings: IdBindings, owner: string): JsonValue {
  const bind = (text: string) => bindings.bind(text, owner);
  // With members in sorted order, because two engines may send the same object with its members in another order.
  const inOrder = (object: JsonObject) =>
    Object.entries(object)
      .map(([key, inner]): [string, JsonValue] => [bindings.replace(key), inner])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const visit = (inner: JsonValue): JsonValue =>
    typeof inner === 'string' ? bind(inner) : mapChildren(inner, visit, bind, inOrder);
  return visit(value);
}
