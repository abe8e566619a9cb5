import type { CellPlan } from '../../cell/types.ts';
import type { Observation } from '../../observation/types.ts';
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
