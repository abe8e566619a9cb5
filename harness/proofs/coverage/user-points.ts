import type { JsonValue } from '../../../testing/json/json.ts';
import { isObject } from '../../../testing/json/json.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import type { StandingScenario, Step } from '../../scenario/types.ts';

/**
 * What a scenario shows on the user's side of a client, beyond the protocol: operations with their parameters and the
 * kinds of values given, options of the client, what is cancelled, closed, dropped or killed, how calls fail, and for
 * `exec` options, configuration keys, environment and exits. The contract has no list of these, so there are no totals;
 * only `coverage --marginal` counts them.
 */
export function userPoints(scenario: StandingScenario, golden: NormalisedObservation | undefined): Set<string> {
  const points = new Set<string>();
  const operations = new Map<string, string>();
  for (const [option, value] of Object.entries(scenario.client ?? {})) points.add(`client ${option}: ${kindOf(value)}`);
  for (const rule of scenario.answers ?? []) {
    for (const how of ['reply', 'error', 'throws', 'none', 'default', 'hold', 'wrong'] as const)
      if (rule[how] !== undefined) points.add(`answers ${rule.to}: ${how}`);
  }
  for (const step of scenario.steps) addStep(step, operations, points);
  for (const { ch, body } of golden?.lines ?? []) {
    if (ch === 'error' && isObject(body.error)) points.add(`fails ${operationOf(body.op)}: ${body.error.class}`);
    if (ch === 'hang') points.add(`hangs ${operationOf(body.op)}`);
    if (scenario.family !== 'exec') continue;
    if (ch === 'argv' && Array.isArray(body.argv)) addOptions(body.argv.map(String), points);
    if (ch === 'env' && isObject(body.env))
      for (const key of Object.keys(body.env)) points.add(`exec environment ${key}`);
    if (ch === 'exit') points.add(`exec exit ${body.signal ?? body.code}`);
  }
  return points;
}

/** Verbs that act on the result of a call. */
const endings: ReadonlySet<string> = new Set(['cancel', 'close', 'drop', 'kill', 'next']);

function addStep(step: Step, operations: Map<string, string>, points: Set<string>): void {
  const called = 'call' in step ? step.call : 'start' in step ? step.start : undefined;
  if (called !== undefined) {
    const operation = operationOf(called);
    points.add(`${'start' in step ? 'starts' : 'calls'} ${operation}`);
    if ('as' in step && step.as !== undefined) operations.set(step.as, operation);
    for (const [name, value] of Object.entries(('with' in step && step.with) || {}))
      points.add(`gives ${operation}(${name}: ${kindOf(value)})`);
    return;
  }
  for (const [verb, name] of Object.entries(step)) {
    if (!endings.has(verb)) continue;
    const how = 'signal' in step && step.signal !== undefined ? ` ${step.signal}` : '';
    points.add(`${verb} ${operations.get(name) ?? name}${how}`);
  }
}

/** `t.run` → `run`. */
const operationOf = (called: unknown): string => String(called).slice(String(called).lastIndexOf('.') + 1);

/** A value's kind, as a parameter's type would name it. */
function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${[...new Set(value.map(kindOf))].sort().join(' | ')}]`;
  if (!isObject(value)) return typeof value === 'string' && value === '' ? 'empty string' : typeof value;
  const form = ['$new', '$enum', '$ref', '$path', '$repeat'].find((key) => key in value);
  if (form === '$new' || form === '$enum') return String(value[form]);
  if (form !== undefined) return form;
  return typeof value.type === 'string' ? `object ${value.type}` : 'object';
}

/** Options by name; for `--config KEY=VALUE`, the key. */
function addOptions(argv: readonly string[], points: Set<string>): void {
  argv.forEach((word, index) => {
    if (!word.startsWith('-')) return;
    const isConfig = word === '--config' || word === '-c';
    points.add(`exec option ${isConfig ? `--config ${String(argv[index + 1]).split('=')[0]}` : word.split('=')[0]}`);
  });
}
