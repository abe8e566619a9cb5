import { writeLauncher } from '../../testing/engine/launcher.ts';
import type { BundledSkills, UnpackedSkills } from './bundled-skills.ts';
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
  /** Of the cells before it. */
  skills?: BundledSkills;
}

/** One run's environment on the real engine, whose wire the tee copies. @throws what `openCell` throws */
export async function openRealCell({ scenario, engine, root, skills }: RealCellOptions): Promise<RunningCell> {
  const envKeys = loggedKeys(scenario);
  let given: UnpackedSkills | undefined;
  const cell = await openCell({
    scenario,
    root,
    model: { answers: scenario.model ?? [], realtime: scenario.realtime },
    launcher: ({ paths, wireLog }) => {
      given = skills?.give(engine.sha256, paths.codexHome);
      return writeLauncher({ engine: engine.path, log: wireLog, folder: paths.root, envKeys });
    },
    isEngine: (argv) => argv.slice(1).includes('exec'),
  });
  let finished = false;
  return {
    ...cell,
    async finish(told) {
      const end = await cell.finish(told);
      // Once: nothing that could still write into them is running.
      if (!finished) skills?.takeBack(engine.sha256, cell.paths.codexHome, given);
      finished = true;
      return end;
    },
  };
}
