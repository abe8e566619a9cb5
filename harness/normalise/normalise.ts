import type { JsonObject, JsonValue } from '../../testing/scripted-model/types.ts';
import type { Observation, ObservationBody, ObservationLine } from '../observation/types.ts';
import { bindRequestIds, IdBindings } from './bind-ids.ts';
import { laneOf, type PlacedLine } from './lanes.ts';
import { ModelRequestTrimmer } from './model-request.ts';
import { lineRules, valueRules } from './rules/index.ts';
import { asNormalised, drop, type NormalisedLine, type NormalisedObservation, type RuleContext } from './types.ts';
import { isObject, readWireFacts, textAt } from './wire-facts.ts';

/**
 * Raw observation → what must be equal in every run of the scenario. Lines keep their recorded order; `compare` reads them by lane.
 * Pure: the same observation always gives the same result.
 */
export function normalise(observation: Observation): NormalisedObservation {
  const fired: Record<string, number> = {};
  const context = ruleContext(observation);
  const lines = applyLineRules(observation.lines, context, fired);
  const facts = readWireFacts(lines);
  const bindings = new IdBindings(lines, facts);
  const trimmer = new ModelRequestTrimmer();

  const placed = lines.map((line): PlacedLine => {
    const { t: _t, ...body } = line;
    return laneOf(body as ObservationBody, facts, bindings);
  });
  const replaced = placed.map(({ lane, key, body }) => {
    const at = { lane, key: bindings.replace(key), ch: body.ch };
    const withRequests =
      body.ch === 'wire.in' || body.ch === 'wire.out'
        ? {
            ...body,
            ...('msg' in body && body.msg !== undefined
              ? { msg: bindRequestIds(body.msg, body.ch, bindings).message }
              : {}),
          }
        : body;
    const { ch: _ch, ...rest } = withRequests as unknown as JsonObject;
    const value = replaceValues(rest, body, context, bindings, fired);
    return { ...at, body: (isObject(value) ? value : {}) as JsonObject };
  });
  bindTheRest(replaced, bindings);
  for (const line of replaced) {
    if (line.ch === 'model.request' && isObject(line.body.body))
      line.body = { ...line.body, body: trimmer.trim(line.body.body) };
  }
  const { scenario, client, engineVersion } = observation.header;
  return asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario, client, engineVersion },
    lines: replaced,
    fired,
  });
}

function ruleContext({ header, lines }: Observation): RuleContext {
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

function applyLineRules(
  lines: readonly ObservationLine[],
  context: RuleContext,
  fired: Record<string, number>,
): ObservationLine[] {
  const out: ObservationLine[] = [];
  next: for (const line of lines) {
    let current: ObservationLine = line;
    for (const rule of lineRules) {
      const result = rule.apply(current, context);
      if (result === undefined) continue;
      fired[rule.name] = (fired[rule.name] ?? 0) + 1;
      if (result === null) continue next;
      current = { t: line.t, ...result };
    }
    out.push(current);
  }
  return out;
}

function replaceValues(
  value: JsonValue,
  line: ObservationBody,
  context: RuleContext,
  bindings: IdBindings,
  fired: Record<string, number>,
): JsonValue {
  const visit = (at: JsonValue, key: string | undefined, path: readonly string[]): JsonValue | typeof drop => {
    let current: JsonValue = at;
    for (const rule of valueRules) {
      const result = rule.apply(current, { key, path, line }, context);
      if (result === undefined) continue;
      fired[rule.name] = (fired[rule.name] ?? 0) + 1;
      if (result === drop) return drop;
      current = result;
    }
    if (typeof current === 'string') return bindings.replace(current);
    if (Array.isArray(current)) {
      return current
        .map((inner, index) => visit(inner, undefined, [...path, String(index)]))
        .filter((inner) => inner !== drop) as JsonValue[];
    }
    if (!isObject(current)) return current;
    const out: JsonObject = {};
    for (const [name, inner] of Object.entries(current)) {
      const result = visit(inner, name, [...path, name]);
      if (result !== drop) out[bindings.replace(name)] = result;
    }
    return out;
  };
  const result = visit(value, undefined, []);
  return result === drop ? null : result;
}

/** Lane by lane in the order of their names, not of time: a floating line never shifts the ids of another lane. */
function bindTheRest(lines: NormalisedLine[], bindings: IdBindings): void {
  const lanes = [...new Set(lines.map((line) => line.lane))].sort();
  for (const lane of lanes) {
    for (const line of lines)
      if (line.lane === lane) line.body = bindDeep(line.body, bindings, lane.replace(/[<>]/g, '')) as JsonObject;
  }
}

function bindDeep(value: JsonValue, bindings: IdBindings, owner: string): JsonValue {
  if (typeof value === 'string') return bindings.bindRest(value, owner);
  if (Array.isArray(value)) return value.map((inner) => bindDeep(inner, bindings, owner));
  if (!isObject(value)) return value;
  // Keys in sorted order: two engines may send the same object with its keys in another order.
  const out: JsonObject = {};
  for (const key of Object.keys(value).sort())
    out[bindings.bindRest(key, owner)] = bindDeep(value[key] as JsonValue, bindings, owner);
  return out;
}
