import { verbOf } from '../../testing/play/check-script.ts';
import { type ScriptStep, scriptVerbs } from '../../testing/play/script-types.ts';
import type { Path } from '../data/yaml-source.ts';
import type { Hold } from './model-latches.ts';

/** A step of a script with its place, in order, including nested steps. */
export interface PlacedStep {
  step: ScriptStep;
  path: Path;
}

/** Every step of a script, including nested steps. */
export function allSteps(script: readonly ScriptStep[] = [], path: Path = ['script']): PlacedStep[] {
  return script.flatMap((step, i): PlacedStep[] => {
    const at = [...path, i];
    const inner = listsWithin(step).flatMap((list) => allSteps(list.steps as ScriptStep[], [...at, ...list.path]));
    return [{ step, path: at }, ...inner];
  });
}

/** The lists of steps within a step. Their steps have not been checked. */
export function listsWithin(step: object): { path: Path; steps: unknown[] }[] {
  const verb = verbOf(step);
  const { steps = {} } = verb === undefined ? {} : scriptVerbs[verb];
  return Object.entries(steps).flatMap(([key, kind]) => {
    const value = (step as Record<string, unknown>)[key];
    if (!Array.isArray(value)) return [];
    if (kind === 'list') return [{ path: [key], steps: value }];
    return value.flatMap((list, i) => (Array.isArray(list) ? [{ path: [key, i], steps: list }] : []));
  });
}

/** Every latch that a script waits for. */
export function scriptLatches(script: readonly ScriptStep[] | undefined): Hold[] {
  return allSteps(script).flatMap(({ step, path }): Hold[] => {
    const verb = verbOf(step);
    const { latches = [] } = verb === undefined ? {} : scriptVerbs[verb];
    return latches.flatMap((key) => {
      const latch = (step as Record<string, unknown>)[key];
      return typeof latch === 'string' ? [{ latch, path: [...path, key] }] : [];
    });
  });
}
