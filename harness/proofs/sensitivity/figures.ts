import type { CellResult } from '../../cell/types.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { faultLane } from '../../verdict/cell-faults.ts';

/** `sensitivity` in summary.json: how well the comparison finds what is wrong, and how quiet it is if nothing is. */
export interface SensitivityFigures {
  tampered: number;
  flagged: number;
  /**
   * Differences, including known ones, of the goldens' own clients on the real engine: a client against itself. Should
   * be 0. What is known to be wrong with every run of the cell (the engine breaks its own contract there) is not a
   * difference between two of them.
   */
  selfDifferences: number;
}

/** See `SensitivityFigures.selfDifferences`. A cell that could not run has none; its verdict reports it. */
export function selfDifferences(goldens: readonly NormalisedObservation[], results: readonly CellResult[]): number {
  const clients = new Map(goldens.map(({ header }) => [header.scenario, header.client]));
  return results
    .filter(({ scenario, client, engine }) => engine === 'real' && clients.get(scenario) === client)
    .reduce((sum, { unexplained, known }) => {
      const differing = known.filter(({ difference }) => difference.lane !== faultLane);
      return sum + unexplained.length + differing.length;
    }, 0);
}
