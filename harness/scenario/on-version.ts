import type { Scenario } from './types.ts';

/** A scenario as it stands for one version of the engine. */
export function scenarioOn<T extends Scenario>(scenario: T, _version: string): T {
  return scenario;
}

/** What of the engine's protocol a scenario names: methods, and `item:VARIANT`. */
export function namesOf({ covers, answers = [], steps }: Scenario): string[] {
  const named = steps.flatMap((step): unknown[] => {
    if ('await-wire' in step) return [step['await-wire']];
    const target = 'call' in step ? step.call : 'start' in step ? step.start : undefined;
    return target?.endsWith('.request') && 'with' in step ? [step.with?.method] : [];
  });
  const names = [...covers, ...answers.map(({ to }) => to), ...named];
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}
