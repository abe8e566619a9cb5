import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { hydrate } from '../golden/hydrate.ts';
import type { CoveragePoint } from '../proofs/coverage/kinds.ts';
import { CoverageReader } from '../proofs/coverage/observed-points.ts';
import { onPin } from '../scenario/on-version.ts';
import { recordingEngine } from '../scenario/reference.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import type { Exercised } from './impact.ts';

/** What the goldens show of the pin's contract: each point, with the scenarios that show it. */
export async function goldensExercise(scenarios: readonly LoadedScenario[], goldens: string): Promise<Exercised> {
  const reader = new CoverageReader(new WireChecker(await loadContract()));
  const exercised = new Map<CoveragePoint, string[]>();
  for (const scenario of onPin(scenarios)) {
    const golden = await readGolden(goldenPath(goldens, scenario.id));
    if (golden === undefined) continue;
    for (const point of reader.read(scenario, hydrate(golden).lines, recordingEngine(scenario)))
      exercised.set(point, [...(exercised.get(point) ?? []), scenario.id]);
  }
  return exercised;
}
