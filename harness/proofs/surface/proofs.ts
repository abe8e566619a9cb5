import { isObject } from '../../../testing/json/json.ts';
import type { Contract } from '../../contract/types.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import type { StandingScenario } from '../../scenario/types.ts';
import { type CoveragePoint, splitPoint } from '../coverage/kinds.ts';
import { camelCased } from './surface-items.ts';

/** What an operation returns, if scenarios use it. */
const gives: Readonly<Record<string, string>> = {
  'Codex.threadStart': 'Thread',
  'Codex.threadResume': 'Thread',
  'Codex.threadFork': 'Thread',
  'Codex.threadUnarchive': 'Thread',
  'Codex.loginChatgpt': 'ChatgptLoginHandle',
  'Codex.loginChatgptDeviceCode': 'DeviceCodeLoginHandle',
  'Thread.turn': 'TurnHandle',
  'Thread.run': 'TurnResult',
  'TurnHandle.run': 'TurnResult',
};

/**
 * Names of the facts (`SurfaceItems`) that a scenario exercises: what it calls, with which arguments, what it creates,
 * which errors it saw.
 */
export function factsExercised(scenario: StandingScenario, golden: NormalisedObservation | undefined): Set<string> {
  const facts = new Set<string>(['Codex', 'Codex(config)', 'CodexConfig']);
  const classes = new Map([['codex', 'Codex']]);
  for (const key of Object.keys(scenario.client ?? {})) facts.add(`CodexConfig.${camelCased.part(key)}`);
  for (const step of scenario.steps) {
    addForms(step, facts);
    if ('close' in step) facts.add(`${classes.get(step.close)}.close()`);
    const called = 'call' in step ? step.call : 'start' in step ? step.start : undefined;
    if (called === undefined) continue;
    const dot = called.lastIndexOf('.');
    const owner = classes.get(called.slice(0, dot));
    if (owner === undefined) continue;
    const operation = `${owner}.${camelCased.part(called.slice(dot + 1))}`;
    for (const fact of [owner, operation, `${operation}()`]) facts.add(fact);
    for (const key of Object.keys(('with' in step && step.with) || {}))
      facts.add(`${operation}(${camelCased.part(key)})`);
    const given = gives[operation];
    if (given === undefined) continue;
    facts.add(given);
    if ('as' in step && step.as !== undefined) classes.set(step.as, given);
  }
  for (const line of golden?.lines ?? []) addError(line.body.error, facts);
  return facts;
}

/** Names of the protocol types in the messages of a run, from what it covered. */
export function typesHeld(points: Iterable<CoveragePoint>, { methods }: Contract): Set<string> {
  const facts = new Set<string>();
  for (const point of points) {
    const { kind, name } = splitPoint(point);
    const type =
      kind === 'results'
        ? methods.clientRequests[name]?.result
        : kind === 'notifications'
          ? methods.serverNotifications[name]?.params
          : /^(fields|enumValues)/.test(kind)
            ? /^\w+/.exec(name)?.[0]
            : undefined;
    if (type) facts.add(`types.${type}`);
  }
  return facts;
}

/** `$new` and `$enum`, at any depth. */
function addForms(value: unknown, facts: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { $new: made, $enum: member } = value as { $new?: unknown; $enum?: unknown };
  if (typeof made === 'string') {
    facts.add(made);
    for (const union of made === 'ExternalMessage' ? ['RunInput'] : ['Input', 'InputItem', 'RunInput'])
      facts.add(union);
    for (const key of Object.keys(value)) facts.add(`${made}(${camelCased.part(key)})`);
  }
  if (typeof member === 'string') {
    const [owner = '', name = ''] = member.split('.');
    facts.add(owner).add(`${owner}.${camelCased.part(name)}`);
  }
  for (const inner of Object.values(value)) addForms(inner, facts);
}

function addError(error: unknown, facts: Set<string>): void {
  if (!isObject(error as never)) return;
  const { class: name, retryable } = error as { class?: unknown; retryable?: unknown };
  if (typeof name === 'string') facts.add(name).add(`${name} extends`);
  if (retryable !== undefined) facts.add('isRetryableError()').add('isRetryableError');
}
