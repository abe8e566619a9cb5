import { randomUUID } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeNodeLauncher } from '../../testing/engine/launcher.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellPaths, makeCell } from './cell.ts';
import { cellEnd } from './cell-end.ts';
import { loggedKeys } from './cell-env.ts';
import { startControlServer } from './control-server.ts';
import type { RunningCell } from './types.ts';
import { logKilled } from './wire-log.ts';

interface PlayedCellOptions {
  scenario: Scenario;
  /** The version that the fake reports. */
  engineVersion: string;
  /** The run's own folder, as in `openRealCell`. */
  root: string;
}

export interface FakeCellOptions extends PlayedCellOptions {
  /** The golden to replay. */
  goldenFile: string;
}

/** The bundle that `scripts/build-fake.mjs` builds. */
export const fakeBundle: string = fileURLToPath(new URL('../../dist/fake-codex-rs.mjs', import.meta.url));

/**
 * One run's environment on the fake engine, which replays a golden.
 * @throws Error if the golden does not exist, and what `openPlayedCell` throws
 */
export async function openFakeCell({ goldenFile, ...options }: FakeCellOptions): Promise<RunningCell> {
  await mustBeThere(goldenFile, `the golden ${goldenFile}`, 'npm run record');
  return openPlayedCell(options, { golden: resolve(goldenFile) });
}

/**
 * One run's environment on the fake engine, whatever it plays. It logs its own wire and has no model.
 * @param play the fake's options that say what it plays
 * @throws Error if the bundle does not exist, or the folders, the launcher or the server cannot be created; nothing is
 * left running
 */
async function openPlayedCell(options: PlayedCellOptions, play: object): Promise<RunningCell> {
  const { scenario, engineVersion, root } = options;
  await mustBeThere(fakeBundle, `the fake engine ${fakeBundle}`, 'node scripts/build-fake.mjs');
  const wireLog = join(root, 'wire.jsonl');
  const { workspace } = cellPaths(root);
  const control = await startControlServer({ answers: [], workspace, wireLog });
  try {
    const { paths, env } = await makeCell(scenario, root, `${control.url}/v1`);
    const fake = {
      ...play,
      log: wireLog,
      control: control.url,
      paths,
      engineVersion,
      envKeys: loggedKeys(scenario),
      seed: randomUUID(),
      moment: Date.now(),
    };
    const optionsFile = join(paths.root, 'fake.json');
    await writeFile(optionsFile, `${writeJson(fake)}\n`);
    const codexBin = await writeNodeLauncher(paths.root, [fakeBundle, '--replay-options', optionsFile]);
    const afterEngine = () => logKilled(wireLog, control.lines);
    return { paths, env, codexBin, control, ...cellEnd({ paths, wireLog, control, scenario, afterEngine }) };
  } catch (error) {
    await control.close();
    throw error;
  }
}

async function mustBeThere(file: string, name: string, remedy: string): Promise<void> {
  try {
    await access(file);
  } catch (cause) {
    throw new Error(expectedGot('opening a cell on the fake engine', name, 'no such file', `Run \`${remedy}\` first`), {
      cause,
    });
  }
}

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
