import { expectedGot } from '../../native/expected-got.mjs';
import type { JsonObject, JsonValue } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { HookEvent, HookRequest } from './options.ts';

/** The engine's name of an event. */
export const engineNames: Readonly<Record<HookEvent, { event: string; key: string }>> = {
  preToolUse: { event: 'PreToolUse', key: 'pre_tool_use' },
  postToolUse: { event: 'PostToolUse', key: 'post_tool_use' },
  sessionStart: { event: 'SessionStart', key: 'session_start' },
  userPromptSubmit: { event: 'UserPromptSubmit', key: 'user_prompt_submit' },
  stop: { event: 'Stop', key: 'stop' },
};

const allowed: Readonly<Record<HookEvent, readonly string[]>> = {
  preToolUse: ['block', 'context', 'updatedInput'],
  postToolUse: ['block', 'context'],
  sessionStart: ['context'],
  userPromptSubmit: ['block', 'context'],
  stop: ['block'],
};

/** What a handler answered, in the engine's words. @throws TypeError for an answer that is none */
export function hookOutput(event: HookEvent, answer: unknown): JsonObject {
  if (answer === undefined) return {};
  const [[key, value] = [], ...more] = isObject(answer) ? Object.entries(answer) : [];
  const fits = key === 'updatedInput' ? isObject(value) : typeof value === 'string' && value !== '';
  if (key === undefined || more.length > 0 || !allowed[event].includes(key) || !fits) {
    const expected = `undefined, or an object with one of ${allowed[event].join(', ')}`;
    throw new TypeError(expectedGot(`reading the answer of the hook ${event}`, expected, 'something else'));
  }
  const hookEventName = engineNames[event].event;
  const said = value as JsonValue;
  const specific = (more: JsonObject) => ({ hookSpecificOutput: { hookEventName, ...more } });
  if (key === 'context') return specific({ additionalContext: said });
  if (key === 'updatedInput') return specific({ permissionDecision: 'allow', updatedInput: said });
  if (event === 'preToolUse') return specific({ permissionDecision: 'deny', permissionDecisionReason: said });
  return { decision: 'block', reason: said };
}

/** The answer if nobody could be asked: nothing may happen that a hook might have refused. */
export function safeAnswer(event: HookEvent, why: string): { block: string } | undefined {
  return event === 'preToolUse' || event === 'userPromptSubmit' ? { block: why } : undefined;
}

/** The same, in the engine's words. */
export function safeOutput(event: HookEvent, why: string): JsonObject {
  return hookOutput(event, safeAnswer(event, why));
}

const camel = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What the engine tells a hook, in our words. @throws TypeError if it is not an object */
export function hookRequest(input: unknown): HookRequest {
  if (!isObject(input)) throw new TypeError(expectedGot('reading what a hook is told', 'an object', typeof input));
  const { session_id: threadId, ...rest } = input;
  const named = Object.fromEntries(Object.entries(rest).map(([key, value]) => [camel(key), value]));
  return { ...named, threadId, raw: input } as unknown as HookRequest;
}
