import { expectedGot } from '../../native/expected-got.mjs';
import { openPlayedCell, type PlayedCellOptions } from './fake-cell.ts';
import type { RunningCell } from './types.ts';

/**
 * One run's environment on the fake engine, which plays the scenario's own script.
 * @throws Error if the scenario has none, and what `openPlayedCell` throws
 */
export async function openScriptCell(options: PlayedCellOptions): Promise<RunningCell> {
  const { id, script } = options.scenario;
  if (script === undefined)
    throw new Error(expectedGot('opening a cell for a script', 'script: in the scenario', `${id}, which has none`));
  return openPlayedCell(options, { script });
}
