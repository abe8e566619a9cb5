import type { ScriptStep } from '../../testing/play/script-types.ts';
import type { Hold } from './model-latches.ts';
import type { Path } from './yaml-source.ts';

/** A step of a script with its place, steps within others included, in their order. */
export interface PlacedStep {
  step: ScriptStep;
  path: Path;
}

/** Every step of a script, those within `any-order` and `repeat` too. */
export function allSteps(script: readonly ScriptStep[] = [], path: Path = ['engine']): PlacedStep[] {
  return script.flatMap((step, i): PlacedStep[] => {
    const at = [...path, i];
    const inner =
      'any-order' in step
        ? step['any-order'].flatMap((sequence, j) => allSteps(sequence, [...at, 'any-order', j]))
        : 'repeat' in step
          ? allSteps(step.steps, [...at, 'steps'])
          : [];
    return [{ step, path: at }, ...inner];
  });
}

/** Every latch that a script waits for. */
export function scriptLatches(script: readonly ScriptStep[] | undefined): Hold[] {
  return allSteps(script).flatMap(({ step, path }): Hold[] => {
    if ('hold' in step) return [{ latch: step.hold, path: [...path, 'hold'] }];
    return 'wait' in step && step.wait !== undefined ? [{ latch: step.wait, path: [...path, 'wait'] }] : [];
  });
}
