import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import type { Contract } from '../contract/types.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { hydrate } from '../golden/hydrate.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { CoveragePoint } from '../proofs/coverage/kinds.ts';
import { CoverageReader } from '../proofs/coverage/observed-points.ts';
import { onPin, scenarioOn } from '../scenario/on-version.ts';
import { recordingEngine } from '../scenario/reference.ts';
import type { LoadedScenario, Scenario } from '../scenario/types.ts';
import type { Exercised } from './impact.ts';
import type { Pair } from './second-look.ts';

/** What scenarios exercise: what those that the step has played showed of the two contracts, and for the others what their goldens show of the pin's. */
export async function whatIsExercised(
  scenarios: readonly LoadedScenario[],
  goldens: string,
  played: readonly Exercised[],
): Promise<Exercised> {
  const exercised = new Map<CoveragePoint, Set<string>>();
  for (const one of played) addTo(exercised, one);
  const seen = new Set([...exercised.values()].flatMap((ids) => [...ids]));
  const reader = new CoverageReader(new WireChecker(await loadContract()));
  for (const scenario of onPin(scenarios).filter(({ id }) => !seen.has(id))) {
    const golden = await readGolden(goldenPath(goldens, scenario.id));
    if (golden === undefined) continue;
    addTo(exercised, pointsOf(reader, scenario, golden));
  }
  return new Map([...exercised].map(([point, ids]) => [point, [...ids]]));
}

/** What the scenarios of a step show of the contract of each side; a field counts that is null, for that is how most new fields come. */
export function exercisedBy(
  pairs: readonly Pair[],
  sides: Record<'before' | 'after', { contract: Contract; version: string }>,
): Exercised {
  const exercised = new Map<CoveragePoint, Set<string>>();
  for (const side of ['before', 'after'] as const) {
    const reader = new CoverageReader(new WireChecker(sides[side].contract), { nulls: true });
    for (const pair of pairs)
      addTo(exercised, pointsOf(reader, scenarioOn(pair.scenario, sides[side].version), pair[side]));
  }
  return new Map([...exercised].map(([point, ids]) => [point, [...ids]]));
}

function pointsOf(reader: CoverageReader, scenario: Scenario, shown: NormalisedObservation): Exercised {
  const points = reader.read(scenario, hydrate(shown).lines, recordingEngine(scenario));
  return new Map([...points].map((point) => [point, [scenario.id]]));
}

function addTo(all: Map<CoveragePoint, Set<string>>, more: Exercised): void {
  for (const [point, ids] of more) {
    const known = all.get(point) ?? new Set();
    all.set(point, known);
    for (const id of ids) known.add(id);
  }
}
