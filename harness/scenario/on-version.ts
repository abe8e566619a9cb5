import { readEngineLock } from '../../native/index.ts';
import type { Path } from '../data/yaml-source.ts';
import type { LoadedScenario, Scenario, StandingScenario, VersionRange, WrittenScenario } from './types.ts';
import { compareVersions } from './versions.ts';

/** The lists of a scenario whose entries may stand on some versions of the engine alone. */
const lists = ['covers', 'model', 'answers', 'steps'] as const;

type Entry = string | (VersionRange & object);

/** Whether a version of the engine is within the range; both of its ends are. */
export const isWithin = ({ since, until }: VersionRange, version: string): boolean =>
  (since === undefined || compareVersions(version, since) >= 0) &&
  (until === undefined || compareVersions(version, until) <= 0);

const stands = (entry: Entry, version: string): boolean => typeof entry === 'string' || isWithin(entry, version);

/**
 * A scenario as it stands on one version of the engine: without the steps and expected lines that are for others, and
 * without a word of versions in the rest.
 */
export function scenarioOn(scenario: LoadedScenario, version: string): StandingScenario;
export function scenarioOn(scenario: WrittenScenario, version: string): Scenario;
export function scenarioOn(
  scenario: WrittenScenario & Partial<Pick<LoadedScenario, 'stepLines'>>,
  version: string,
): Scenario {
  const { covers, model, answers, steps, stepLines } = scenario;
  const standing = <T extends VersionRange & object>(entries: readonly T[]) =>
    entries.filter((entry) => stands(entry, version)).map(({ since: _since, until: _until, ...entry }) => entry as T);
  return {
    ...scenario,
    covers: covers.flatMap((name) => (typeof name === 'string' ? [name] : isWithin(name, version) ? [name.name] : [])),
    ...(model && { model: standing(model) }),
    ...(answers && { answers: standing(answers) }),
    steps: standing(steps),
    ...(stepLines && { stepLines: stepLines.filter((_, i) => stands(steps[i] ?? {}, version)) }),
  };
}

/** The scenarios as they stand on the pin. */
export function onPin(scenarios: readonly LoadedScenario[]): StandingScenario[] {
  const { pin } = readEngineLock();
  return scenarios.map((scenario) => scenarioOn(scenario, pin));
}

/** Where a scenario names versions: the file itself (an empty path), and entries of its lists. */
export function rangesOf(scenario: WrittenScenario): { path: Path; range: VersionRange }[] {
  const entries = lists.flatMap((list) =>
    [...entriesOf(scenario, list).entries()].map(([i, entry]) => ({ path: [list, i], entry })),
  );
  return [{ path: [], entry: scenario }, ...entries].flatMap(({ path, entry }) =>
    typeof entry !== 'string' && (entry.since ?? entry.until) !== undefined ? [{ path, range: entry }] : [],
  );
}

const entriesOf = (scenario: WrittenScenario, list: (typeof lists)[number]): readonly Entry[] => scenario[list] ?? [];

/** One way in which a scenario stands. */
export interface Stand {
  scenario: Scenario;
  /** On which versions, the oldest first. */
  versions: string[];
  /** For each entry of a list: its index in the file. */
  places: Record<(typeof lists)[number], number[]>;
}

/**
 * Every way in which a scenario stands on the versions of the window and on those that it names itself, as far as it
 * holds on them.
 */
export function standsOf(scenario: WrittenScenario, window: readonly string[]): Stand[] {
  const named = rangesOf(scenario).flatMap(({ range: { since, until } }) => [since ?? [], until ?? []].flat());
  const versions = [...new Set([...window, ...named])].filter((version) => isWithin(scenario, version));
  const found = new Map<string, Stand>();
  for (const version of versions.sort(compareVersions)) {
    const placesOf = (list: (typeof lists)[number]) =>
      [...entriesOf(scenario, list).entries()].flatMap(([i, entry]) => (stands(entry, version) ? [i] : []));
    const places = Object.fromEntries(lists.map((list) => [list, placesOf(list)])) as Stand['places'];
    const name = JSON.stringify(places);
    const known = found.get(name) ?? { scenario: scenarioOn(scenario, version), versions: [], places };
    known.versions.push(version);
    found.set(name, known);
  }
  return [...found.values()];
}

/** What of the engine's protocol a scenario names, and perhaps more: methods, and `item:VARIANT`. */
export function namesOf({ covers, answers = [], steps }: Scenario): string[] {
  const named = steps.flatMap((step): unknown[] => {
    if ('await-wire' in step) return [step['await-wire']];
    if ('await' in step) return [step.match.method, `item:${step.match['item.type']}`];
    const target = 'call' in step ? step.call : 'start' in step ? step.start : undefined;
    return target?.endsWith('.request') && 'with' in step ? [step.with?.method] : [];
  });
  const names = [...covers, ...answers.map(({ to }) => to), ...named];
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}
