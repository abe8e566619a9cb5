import { writeLauncher } from '../../testing/engine/launcher.ts';
import { type CellSetUp, openCell } from './cell.ts';
import { loggedKeys } from './cell-env.ts';
import type { RunningCell } from './types.ts';

/** The engine that a cell runs; `native` finds and verifies it. */
export interface CellEngine {
  path: string;
  version: string;
  sha256: string;
}

export interface RealCellOptions extends Pick<CellSetUp, 'scenario' | 'root'> {
  engine: CellEngine;
}

/** One run's environment on the real engine, whose wire the tee copies. @throws what `openCell` throws */
export async function openRealCell({ scenario, engine, root }: RealCellOptions): Promise<RunningCell> {
  const envKeys = loggedKeys(scenario);
  return openCell({
    scenario,
    root,
    model: { answers: scenario.model ?? [], realtime: scenario.realtime },
    launcher: ({ paths, wireLog }) => writeLauncher({ engine: engine.path, log: wireLog, folder: paths.root, envKeys }),
    isEngine: (argv) => argv.slice(1).includes('exec'),
  });
}
