import { isObject, type JsonObject, type JsonValue } from '../json.ts';

/**
 * What a script says of a run that is neither a server nor `exec`: its nth such step is for the nth such run, the last one for all that follow.
 * @param n the run, from 0
 * @returns the step; undefined where the script says nothing of such runs
 */
export function sideAnswer(
  script: readonly JsonValue[] | undefined,
  isOne: (step: JsonObject) => boolean,
  n: number,
): JsonObject | undefined {
  const steps = (script ?? []).filter((step): step is JsonObject => isObject(step) && isOne(step));
  return steps[Math.min(n, steps.length - 1)];
}
