import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellEnv } from './cell-env.ts';
import { writeHome } from './codex-home.ts';
import { makeWorkspace } from './workspace.ts';

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
 * @throws Error if the root is in the temp folder, or the scenario's files lead outside the workspace
 */
export async function makeCell(scenario: Scenario, root: string, modelUrl: string): Promise<Cell> {
  if (!isAbsolute(root)) throw new Error(`Making a cell in ${root}: wanted an absolute path`);
  await mkdir(root, { recursive: true });
  // As the engine sees it: it compares and reports resolved paths.
  const resolved = await realpath(root);
  const temp = await realpath(tmpdir());
  if (`${resolved}${sep}`.startsWith(`${temp}${sep}`)) {
    throw new Error(`Making a cell in ${root}: it is in the temp folder ${temp}; wanted a place outside of it`);
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
