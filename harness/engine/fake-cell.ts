import { randomUUID } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeNodeLauncher } from '../../testing/engine/launcher.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import { goldenPath } from '../golden/golden-file.ts';
import { type CellSetUp, openCell } from './cell.ts';
import { loggedKeys } from './cell-env.ts';
import type { RunningCell } from './types.ts';

export interface FakeCellOptions extends Pick<CellSetUp, 'scenario' | 'root'> {
  /** The version that the fake reports. */
  engineVersion: string;
  /** The folder of goldens. */
  goldens: string;
}

/** The bundle that `scripts/build-fake.mjs` builds. */
export const fakeBundle: string = fileURLToPath(new URL('../../dist/fake-codex-rs.mjs', import.meta.url));

/**
 * One run's environment on the fake engine, which plays the scenario's own script, or replays its golden. It logs its own wire and has no model.
 * @throws Error if the bundle or the golden does not exist, and what `openCell` throws
 */
export async function openFakeCell({ scenario, engineVersion, root, goldens }: FakeCellOptions): Promise<RunningCell> {
  await mustBeThere(fakeBundle, `the fake engine ${fakeBundle}`, 'node scripts/build-fake.mjs');
  const { script } = scenario;
  const golden = resolve(goldenPath(goldens, scenario.id));
  if (script === undefined) await mustBeThere(golden, `the golden ${golden}`, 'npm run record');
  return openCell({
    scenario,
    root,
    model: { answers: [] },
    launcher: async ({ paths, wireLog, control }) => {
      const fake = {
        ...(script === undefined ? { golden } : { script }),
        ...{ log: wireLog, control, paths, engineVersion },
        envKeys: loggedKeys(scenario),
        ...{ seed: randomUUID(), moment: Date.now() },
      };
      const optionsFile = join(paths.root, 'fake.json');
      await writeFile(optionsFile, `${writeJson(fake)}\n`);
      return writeNodeLauncher(paths.root, [fakeBundle, '--replay-options', optionsFile]);
    },
  });
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
