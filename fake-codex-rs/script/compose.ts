import { ExactNumber, isObject, type JsonObject, type JsonValue, shown } from '../exact-json.ts';
import { expectedGot } from '../fake-error.ts';
import { problemText } from '../template/check-value.ts';
import type { Conversation } from './conversation.ts';
import type { SayStep } from './steps.ts';
import { type Bound, knownNames, resolved } from './values.ts';

/** A message to send, and what is known from it afterwards. */
export interface Composed {
  message: JsonObject;
  /** The client's message that it answers, with the answer. */
  answers?: { name: string; bound: Bound };
  /** The name of the request, if it is one. */
  asks?: string;
}

/**
 * Makes a step's message: references resolved, filled in from the contract, and checked against it.
 * @throws Error if a name does not exist, or the message breaks the contract and the step does not say `wrong: true`
 */
export function composed(
  step: Exclude<SayStep, { verb: 'raw' }>,
  conversation: Conversation,
  names: ReadonlyMap<string, Bound>,
  nextId: () => number,
): Composed {
  const { template, wrong } = step.saying;
  const value = (given: JsonValue | undefined) => (given === undefined ? undefined : resolved(given, names));
  const checked = (
    kind: 'results' | 'requests' | 'notifications' | 'errors',
    method: JsonValue,
    body: JsonValue | undefined,
  ) => {
    if (wrong) return;
    const problem = conversation.check(kind, String(method), body);
    if (problem !== undefined) {
      const at = { results: '/result', errors: '/error', requests: '/params', notifications: '/params' }[kind];
      throw new Error(problemText({ ...problem, path: at + problem.path }));
    }
  };
  if (step.verb === 'answer' || step.verb === 'error') {
    const bound = names.get(step.to);
    if (bound === undefined) throw new Error(expectedGot('answering', 'a known name', step.to, knownNames(names)));
    const id = value(step.id === undefined ? bound.id : step.id) ?? null;
    if (step.verb === 'error') {
      const error = value(step.error) ?? null;
      checked('errors', '', error);
      return { message: { id, error } };
    }
    const given = value(step.result);
    const result = (template ? conversation.result(bound, given) : given) ?? null;
    checked('results', bound.method ?? null, result);
    return { message: { id, result }, answers: { name: step.to, bound: { ...bound, result } } };
  }
  const { method } = step;
  const given = value(step.params);
  const known = template && typeof method === 'string';
  if (step.verb === 'send') {
    const params = known ? conversation.params('notifications', method, given) : given;
    checked('notifications', method, params);
    return { message: { method, ...(params !== undefined && { params }) } };
  }
  const params = known ? conversation.params('requests', method, given) : given;
  checked('requests', method, params);
  const id = value(step.id);
  if (!wrong && id !== undefined && typeof id !== 'string' && typeof id !== 'number' && !(id instanceof ExactNumber)) {
    throw new Error(expectedGot('asking', 'a text or a number as id', shown(id), 'Or say wrong: true'));
  }
  if (isObject(id) || Array.isArray(id)) throw new Error(expectedGot('asking', 'a plain value as id', shown(id)));
  return {
    message: { id: id ?? (step.id === null ? null : nextId()), method, ...(params !== undefined && { params }) },
    asks: step.as,
  };
}
