import type { JsonObject, JsonValue } from '../../../testing/json/json.ts';
import { matchesPayload } from '../../scenario/match-payload.ts';
import type { AnswerRule } from '../../scenario/types.ts';
import type { Answerer, AskedRequest, HandlerAnswer } from './adapter.ts';

/** What a scenario's answers need from the run. */
export interface AnsweringContext {
  /** Builds the typed forms of a reply. */
  build(value: JsonValue): JsonValue;
  observe(request: AskedRequest, reply: JsonObject): void;
  /** Resolves once the latch is released. */
  awaitLatch(latch: string): Promise<void>;
}

/** The handler that a scenario's `answers` describe; undefined without any: the client then answers by itself. */
export function answererOf(rules: readonly AnswerRule[] | undefined, context: AnsweringContext): Answerer | undefined {
  if (rules === undefined) return undefined;
  const left = new Map(rules.map((rule) => [rule, rule.times ?? Number.POSITIVE_INFINITY]));
  return async (request) => {
    const rule = rules.find(
      (one) => one.to === request.method && (left.get(one) ?? 0) > 0 && matchesPayload(request.params, one.match ?? {}),
    );
    if (rule !== undefined) left.set(rule, (left.get(rule) ?? 0) - 1);
    context.observe(request, replyOf(rule));
    if (rule?.hold !== undefined) await context.awaitLatch(rule.hold);
    return answerOf(rule, context);
  };
}

/** The rule's answer, without the request it is for. */
function replyOf(rule: AnswerRule | undefined): JsonObject {
  if (rule === undefined) return { default: true };
  const { to: _to, match: _match, times: _times, wrong: _wrong, ...reply } = rule;
  return reply as JsonObject;
}

async function answerOf(rule: AnswerRule | undefined, context: AnsweringContext): Promise<HandlerAnswer> {
  if (rule === undefined || rule.default) return undefined;
  if (rule.throws !== undefined) throw new Error(rule.throws);
  if (rule.error !== undefined) return { error: rule.error };
  if (rule.none) await new Promise<never>(() => undefined);
  return { result: context.build(rule.reply ?? null) };
}
