import { openPlayedCell, type PlayedCellOptions } from './fake-cell.ts';
import type { RunningCell } from './types.ts';

/**
 * One run's environment on the fake engine, which plays the scenario's own script.
 * @throws Error when the scenario has none, and as `openPlayedCell`.
 */
export async function openScriptCell(options: PlayedCellOptions): Promise<RunningCell> {
  const { id, engine } = options.scenario;
  if (engine === undefined)
    throw new Error(`Opening a cell for a script: ${id} has none; wanted engine: in the scenario`);
  return openPlayedCell(options, { script: engine });
}
