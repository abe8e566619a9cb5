import { isObject } from '../../../testing/json/json.ts';
import type { Difference } from '../../compare/compare.ts';
import type { NormalisedLine, NormalisedObservation } from '../../normalise/types.ts';
import type { StandingScenario, Step } from '../../scenario/types.ts';

export interface FailingCell {
  /**
   * Its first unexplained difference; undefined if it has none, because it could not run or its ledger entry is stale.
   */
  difference: Difference | undefined;
  golden: NormalisedObservation | undefined;
  observation: NormalisedObservation | undefined;
}

/**
 * The line of the scenario's file, from 1, that a failing cell is about: that of the step whose call comes last before
 * the difference, in its own lane if that has calls, otherwise in recorded order. If no step can be identified, the
 * line of the scenario's id.
 */
export function failingLine(scenario: StandingScenario, { difference, golden, observation }: FailingCell): number {
  const step = difference === undefined ? undefined : stepOf(scenario.steps, difference, golden, observation);
  return (step === undefined ? undefined : scenario.stepLines[step]) ?? scenario.idLine;
}

function stepOf(
  steps: readonly Step[],
  difference: Difference,
  golden: NormalisedObservation | undefined,
  observation: NormalisedObservation | undefined,
): number | undefined {
  const { ch, actual, expectedLine, actualLine, lane } = difference;
  // A step that never ended names itself; -1 is the opening.
  if (ch === 'hang' && isObject(actual))
    return typeof actual.step === 'number' && actual.step >= 0 ? actual.step : undefined;
  const [lines, at] =
    expectedLine === undefined ? [observation?.lines ?? [], actualLine] : [golden?.lines ?? [], expectedLine];
  if (at === undefined) return undefined;
  const calls = lines.slice(0, at + 1).filter((line) => line.ch === 'call');
  const own = calls.filter((line) => line.lane === ownLane(lane));
  const call = own.at(-1) ?? calls.at(-1);
  return call === undefined ? undefined : stepsOfCalls(steps, calls).get(call);
}

/** Floating events have a lane next to their stream's: `user/events~thread/started`. */
const ownLane = (lane: string): string => lane.replace(/~.*$/s, '');

/** Calls are in the order of their steps; a step whose name was never bound has made none. */
function stepsOfCalls(steps: readonly Step[], calls: readonly NormalisedLine[]): Map<NormalisedLine, number> {
  const found = new Map<NormalisedLine, number>();
  let next = 0;
  for (const call of calls) {
    const at = steps.findIndex((step, index) => index >= next && operationOf(step) === call.key);
    if (at < 0) continue;
    found.set(call, at);
    next = at + 1;
  }
  return found;
}

function operationOf(step: Step): string | undefined {
  if ('call' in step) return step.call;
  if ('start' in step) return step.start;
  return 'close' in step ? `${step.close}.close` : undefined;
}
