import { join } from 'node:path';
import { writeLauncher } from '../../testing/engine/launcher.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellPaths, makeCell } from './cell.ts';
import { cellEnd } from './cell-end.ts';
import { loggedKeys } from './cell-env.ts';
import { startControlServer } from './control-server.ts';
import type { RunningCell } from './types.ts';
import { logKilled } from './wire-log.ts';

/** The engine that a cell runs; `native` finds and verifies it. */
export interface CellEngine {
  path: string;
  version: string;
  sha256: string;
}

export interface RealCellOptions {
  scenario: Scenario;
  engine: CellEngine;
  /**
   * The run's own folder, absolute, outside the temp folder. The caller removes it, because its raw files are the run's
   * evidence.
   */
  root: string;
}

/** @throws Error if the folders, the launcher or the server cannot be created; nothing is left running then */
export async function openRealCell({ scenario, engine, root }: RealCellOptions): Promise<RunningCell> {
  const wireLog = join(root, 'wire.jsonl');
  const control = await startControlServer({
    answers: scenario.model ?? [],
    realtime: scenario.realtime,
    workspace: cellPaths(root).workspace,
    wireLog,
  });
  try {
    const { paths, env } = await makeCell(scenario, root, `${control.url}/v1`);
    const codexBin = await writeLauncher({
      engine: engine.path,
      log: wireLog,
      folder: paths.root,
      envKeys: loggedKeys(scenario),
    });
    const afterEngine = () => logKilled(wireLog, control.lines, (argv) => argv.slice(1).includes('exec'));
    return { paths, env, codexBin, control, ...cellEnd({ paths, wireLog, control, scenario, afterEngine }) };
  } catch (error) {
    await control.close();
    throw error;
  }
}
