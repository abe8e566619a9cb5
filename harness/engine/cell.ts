import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../native/expected-got.mjs';
import { foreignHand, ownerOf } from '../cell/cells-folder.ts';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellEnd } from './cell-end.ts';
import { cellEnv } from './cell-env.ts';
import { type ControlServerOptions, startControlServer } from './control-server.ts';
import type { RunningCell } from './types.ts';
import { logKilled } from './wire-log.ts';
import { makeWorkspace, writeHome } from './workspace.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** One run's folders, before anything runs in them. */
interface Cell {
  paths: CellPaths;
  /** The client's configuration's `env`. */
  env: Record<string, string>;
}

/** The places of a run's folders under its root. */
export function cellPaths(root: string): CellPaths {
  return {
    root,
    workspace: join(root, 'workspace'),
    home: join(root, 'home'),
    codexHome: join(root, 'codex-home'),
    tmp: join(root, 'tmp'),
    launcher: join(root, 'codex'),
  };
}

/**
 * Creates the folders, files and configuration of one run.
 * @param root an absolute path that does not exist or is empty; never in the temp folder, where the engine refuses to
 * keep its helpers
 * @param modelUrl the scripted model's URL with `/v1`
 * @throws Error if the root is in the temp folder, or another user could change it, or the scenario's files lead outside the workspace
 */
async function makeCell(scenario: Scenario, root: string, modelUrl: string): Promise<Cell> {
  const action = `making a cell in ${root}`;
  if (!isAbsolute(root)) throw new Error(expectedGot(action, 'an absolute path', 'a relative one'));
  await mkdir(root, { recursive: true, mode: 0o700 });
  // As the engine sees it: it compares and reports resolved paths.
  const resolved = await realpath(root);
  const temp = await realpath(tmpdir());
  if (`${resolved}${sep}`.startsWith(`${temp}${sep}`))
    throw new Error(expectedGot(action, 'a place outside of the temp folder', `one in ${temp}`));
  // A launcher is written here, and run.
  const hand = foreignHand(resolved, [ownerOf(repository)]);
  if (hand !== undefined) {
    const advice = 'Name another place by TWINPROOF_CELLS';
    throw new Error(expectedGot(action, 'a place that no other user can change', hand, advice));
  }
  const paths = cellPaths(resolved);
  for (const folder of [paths.home, paths.codexHome, paths.tmp]) await mkdir(folder, { recursive: true });
  await makeWorkspace(paths.workspace, {
    home: paths.home,
    ...(scenario.workspace ? { files: scenario.workspace } : {}),
    ...(scenario.git ? { git: true } : {}),
  });
  await writeHome(paths, scenario, modelUrl);
  return { paths, env: cellEnv(paths) };
}

export interface CellSetUp {
  scenario: Scenario;
  /**
   * The run's own folder, absolute, outside the temp folder. The caller removes it, because its raw files are the run's
   * evidence.
   */
  root: string;
  /** What the scripted model answers; the fake engine asks none. */
  model: Pick<ControlServerOptions, 'answers' | 'realtime'>;
  /** Writes the launcher of the engine and returns its path. */
  launcher(cell: Cell & { wireLog: string; control: string }): Promise<string>;
  /** Which starts count as engines, by their arguments. Default: all. */
  isEngine?: (argv: readonly string[]) => boolean;
}

/**
 * Opens the cell of any engine: folders, control server, launcher, and how it ends.
 * @throws Error if the folders, the launcher or the server cannot be created; nothing is left running then
 */
export async function openCell({ scenario, root, model, launcher, isEngine }: CellSetUp): Promise<RunningCell> {
  const wireLog = join(root, 'wire.jsonl');
  const control = await startControlServer({ ...model, workspace: cellPaths(root).workspace, wireLog });
  try {
    const { paths, env } = await makeCell(scenario, root, `${control.url}/v1`);
    const codexBin = await launcher({ paths, env, wireLog, control: control.url });
    const afterEngine = () => logKilled(wireLog, control.lines, isEngine);
    return { paths, env, codexBin, control, ...cellEnd({ paths, wireLog, control, scenario, afterEngine }) };
  } catch (error) {
    await control.close();
    throw error;
  }
}

/** What a driver is told about its run in a cell. */
export const runMessage = ({ codexBin, env, paths, control }: RunningCell, scenario: Scenario, run: string) => ({
  type: 'run' as const,
  ...{ run, scenario, codexBin, env },
  workspace: paths.workspace,
  control: control.url,
});
