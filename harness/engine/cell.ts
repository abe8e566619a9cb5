import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../native/expected-got.mjs';
import { foreignHand, ownerOf } from '../cell/cells-folder.ts';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellEnv } from './cell-env.ts';
import { makeWorkspace, writeHome } from './workspace.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** One run's folders, before anything runs in them. */
export interface Cell {
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
export async function makeCell(scenario: Scenario, root: string, modelUrl: string): Promise<Cell> {
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
