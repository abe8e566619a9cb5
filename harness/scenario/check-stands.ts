import type { Path, Report } from '../data/yaml-source.ts';
import { checkModelRequests } from './check-facts.ts';
import { checkCancelledRuns, checkLatches, checkNames } from './check-names.ts';
import { rangesOf, type Stand, standsOf } from './on-version.ts';
import type { WrittenScenario } from './types.ts';
import { compareVersions } from './versions.ts';

/**
 * Checks that every range has a version in it, and that what remains of the scenario on each version is sound: names,
 * latches and the model's answers. A problem that not all of them have names the versions.
 */
export function checkStands(scenario: WrittenScenario, window: readonly string[], report: Report): void {
  const ranges = rangesOf(scenario);
  const turned = ranges.filter(({ range: { since, until } }) => since && until && compareVersions(since, until) > 0);
  for (const { path, range } of turned)
    report([...path, 'until'], `expected a version not before since ${range.since}, got until ${range.until}`);
  // What the file itself says is left aside, so that the rest is checked at once; of the others more would only follow.
  if (turned.some(({ path }) => path.length > 0)) return;
  const { since: _since, until: _until, ...always } = scenario;
  const stands = standsOf(turned.length > 0 ? always : scenario, window);
  const found = new Map<string, { args: Parameters<Report>; in: Stand[] }>();
  for (const stand of stands) {
    const tell: Report = (path, message, at) => {
      const args: Parameters<Report> = [inFile(path, stand), message, at];
      const known = found.get(JSON.stringify(args)) ?? { args, in: [] };
      known.in.push(stand);
      found.set(JSON.stringify(args), known);
    };
    if (stand.scenario.steps.length === 0) tell(['steps'], 'expected at least one step, got none');
    for (const check of [checkNames, checkCancelledRuns, checkLatches, checkModelRequests]) check(stand.scenario, tell);
  }
  for (const { args, in: some } of found.values()) {
    const [path, message, at] = args;
    const where =
      some.length === stands.length ? '' : ` on engine ${some.flatMap(({ versions }) => versions).join(', ')}`;
    report(path, `${message}${where}`, at);
  }
  for (const { path } of ranges) {
    const [list, i] = path as [keyof Stand['places'] | undefined, number];
    if (list !== undefined && !stands.some(({ places }) => places[list].includes(i)))
      report(path, 'expected a range with a version that the scenario holds on, got one without');
  }
}

/** A path in a stand, as it is in the file. */
function inFile(path: Path, { places }: Stand): Path {
  const [list, index, ...rest] = path;
  const place = Object.hasOwn(places, String(list)) ? places[list as keyof Stand['places']][Number(index)] : undefined;
  return place === undefined ? path : [String(list), place, ...rest];
}
