import { isObject, type JsonObject, type JsonValue, mapChildren } from '../../testing/json/json.ts';
import type { ObservationBody, ObservationLine } from '../observation/types.ts';
import { drop, type RuleContext, type RuleSet, type ValueRule } from './types.ts';

/** A value that a volatile rule replaced with a placeholder. */
export interface VolatileValue {
  kind: NonNullable<ValueRule['volatile']>;
  key: string;
  path: readonly string[];
  value: JsonValue;
  placeholder: string;
  /** Key and value: what a client shows must have appeared on the wire. */
  said: string;
  /** A point in time in milliseconds. */
  ms: number;
}

/** A line after the rules. Ids are not bound yet, because that needs all lines. */
export interface ReadLine {
  /** The original line, with values as recorded: wire facts and ids are read from it. */
  body: ObservationBody;
  /** The line without its channel, with values replaced. */
  value: JsonObject;
  volatile: readonly VolatileValue[];
}

/** Applies the rules to one line; a dropped line has no `read`. Depends only on the line, the context and the rules. */
export function readLine(
  { t: _t, ...recorded }: ObservationLine,
  context: RuleContext,
  rules: RuleSet,
): { read: ReadLine | undefined; fired: ReadonlyMap<string, number> } {
  const fired = new Map<string, number>();
  let body = recorded as ObservationBody;
  for (const rule of rules.line) {
    const result = rule.apply(body, context);
    if (result === undefined) continue;
    count(fired, rule.name);
    if (result === null) return { read: undefined, fired };
    body = result;
  }
  const { ch: _ch, ...rest } = body as unknown as JsonObject;
  const volatile: VolatileValue[] = [];
  const value = replaceValues(rest, body, context, rules, fired, volatile);
  return { read: { body, value: isObject(value) ? value : {}, volatile }, fired };
}

function replaceValues(
  value: JsonValue,
  line: ObservationBody,
  context: RuleContext,
  rules: RuleSet,
  fired: Map<string, number>,
  volatile: VolatileValue[],
): JsonValue {
  const visit = (at: JsonValue, key: string | undefined, path: readonly string[]): JsonValue | undefined => {
    let current: JsonValue = at;
    const place = { key, path, line };
    for (const rule of rules.value) {
      const result = rule.apply(current, place, context);
      if (result === undefined) continue;
      count(fired, rule.name);
      if (result === drop) return undefined;
      if (rule.volatile !== undefined && key !== undefined && typeof result === 'string') {
        const ms = Number(current) * (result === '<seconds>' ? 1000 : 1);
        const said = `${key} ${JSON.stringify(current)}`;
        volatile.push({ kind: rule.volatile, key, path, value: current, placeholder: result, said, ms });
      }
      current = result;
    }
    return mapChildren(current, (inner, name) =>
      visit(inner, typeof name === 'string' ? name : undefined, [...path, String(name)]),
    );
  };
  return visit(value, undefined, []) ?? null;
}

const count = (fired: Map<string, number>, rule: string) => fired.set(rule, (fired.get(rule) ?? 0) + 1);
