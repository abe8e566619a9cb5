import type { ClientId } from '../../clients/clients.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import { hydrate } from '../../golden/hydrate.ts';
import { recordingEngine } from '../../scenario/reference.ts';
import type { Scenario } from '../../scenario/types.ts';
import type { CellCoverage } from './coverage-file.ts';
import type { CoverageReader } from './observed-points.ts';

/**
 * What the committed goldens cover. Each is a run of a reference client, on the real engine or with a script on the
 * fake one.
 */
export async function goldenCoverage(
  scenarios: readonly Scenario[],
  goldens: string,
  reader: CoverageReader,
): Promise<CellCoverage[]> {
  const cells: CellCoverage[] = [];
  for (const scenario of scenarios) {
    const golden = await readGolden(goldenPath(goldens, scenario.id));
    if (golden === undefined) continue;
    const engine = recordingEngine(scenario);
    const points = reader.read(scenario, hydrate(golden).lines, engine);
    cells.push({ scenario: scenario.id, client: golden.header.client as ClientId, engine, points });
  }
  return cells;
}
