import type { JsonObject } from '../../testing/json/json.ts';
import type { ObservationLine } from '../observation/types.ts';
import type { Scenario } from './types.ts';

/** What a driver observed of a scenario, each hang with what its step waited for: drivers only name the step. */
export function withAwaited(lines: readonly ObservationLine[], scenario: Pick<Scenario, 'steps'>): ObservationLine[] {
  return lines.map((line) => {
    const awaited = line.ch === 'hang' ? awaitedBy(scenario, line.step) : undefined;
    return awaited === undefined ? line : { ...line, awaited };
  });
}

/**
 * What a step waits for beyond an operation of its own, in words; undefined if it does not, and for the opening. A hang
 * of the step would else only say where it happened.
 */
function awaitedBy({ steps }: Pick<Scenario, 'steps'>, index: number): string | undefined {
  const step = steps[index];
  if (step === undefined) return undefined;
  // The operation behind a name: `h.stream` says more than what the scenario calls it.
  const behind = (name: string): string =>
    steps.flatMap((one) => ('as' in one && one.as === name ? [operationOf(one)] : [])).at(0) ?? name;
  if ('await' in step) {
    const { method, ...payload } = step.match;
    return `${method ?? 'an event'} of ${behind(step.await)}${where(payload)}${often(step.times)}`;
  }
  if ('await-wire' in step) return `${step['await-wire']} on the wire${where(step.match)}${often(step.times)}`;
  if ('await-model' in step) return `request ${step['await-model']} to the model`;
  if ('await-exit' in step) return 'the end of the engine';
  if ('next' in step) return `the next event of ${behind(step.next)}`;
  if ('join' in step) return `the end of ${behind(step.join)}`;
  if ('cancel' in step) return `the end of ${behind(step.cancel)}`;
  return undefined;
}

const operationOf = (step: object): string => String('start' in step ? step.start : 'call' in step ? step.call : '');

const where = (match: JsonObject = {}): string => {
  const parts = Object.entries(match).map(([key, value]) => `${key} is ${JSON.stringify(value)}`);
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
};

const often = (times = 1): string => (times === 1 ? '' : `, ${times} times`);
