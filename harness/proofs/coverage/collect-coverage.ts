import type { CellPlan } from '../../cell/types.ts';
import type { ClientId } from '../../clients/clients.ts';
import { goldenPath, readGolden } from '../../golden/golden-file.ts';
import { hydrate } from '../../golden/hydrate.ts';
import type { Observation } from '../../observation/types.ts';
import { recordingEngine } from '../../scenario/reference.ts';
import type { Scenario } from '../../scenario/types.ts';
import type { ContractTypes } from '../../verdict/fault-evidence.ts';
import type { CellCoverage } from './coverage-file.ts';
import { CoverageReader } from './observed-points.ts';

/** Collects what the cells of a run covered, as they end. */
export class CoverageCollector {
  readonly cells: CellCoverage[] = [];
  readonly #reader: CoverageReader;

  constructor(of: ContractTypes) {
    this.#reader = new CoverageReader(of);
  }

  /** A repetition covers nothing more. */
  add({ scenario, client, engine, round }: CellPlan, { lines }: Observation): void {
    if (round > 1) return;
    this.cells.push({ scenario: scenario.id, client, engine, points: this.#reader.read(scenario, lines, engine) });
  }
}

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
