import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEngineLock, resolveEngine } from '../../../native/index.ts';
import { bundleDriver } from '../../driver/bundle-driver.ts';
import { endLeftovers, findLeftovers } from '../../engine/leftovers.ts';
import { defaultFolders } from '../../run/folders.ts';
import { removeCells } from '../../run/remove-cells.ts';
import { Session } from '../../run/session.ts';
import type { CellResult } from '../../run/types.ts';
import { loadScenarios } from '../../scenario/index.ts';
import type { EngineKind, LoadedScenario } from '../../scenario/types.ts';
import { type BreakName, breaks } from './breaks.ts';

/** The scenario in which the unbroken client is run, so that it is the broken driver's surroundings that are judged. */
const unbrokenScenario = 'turns/plain-message';

let scenarios: Promise<LoadedScenario[]> | undefined;
let bundled: Promise<string> | undefined;

/**
 * Runs a client with one break (`none`: without) in the scenario where it shows, judged like any cell. Its raw observation stays in
 * `out/oracle`. Nothing of it is left running: the cell ends what a break leaves behind.
 * @throws Error when the scenario is not there, or a process of the run is alive after it; it is ended then.
 */
export async function provesBreak(name: BreakName | 'none', engine: EngineKind = 'fake'): Promise<CellResult> {
  const chosen = name === 'none' ? undefined : breaks[name];
  const out = path.join(defaultFolders().repository, 'out', 'oracle');
  const own = defaultFolders(path.join(out, `${name}.${engine}`));
  // A folder of its own: breaks are proven side by side, in one process.
  const folders = { ...own, cells: `${own.cells}-${name}.${engine}` };
  const id = chosen?.scenario ?? unbrokenScenario;
  scenarios ??= loadScenarios(folders.scenarios);
  const scenario = (await scenarios).find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`proving the break ${name}: there is no scenario ${id}`);
  const deadline = chosen?.deadlineMs === undefined ? {} : { deadlineMs: chosen.deadlineMs };
  // Once a process: each break needs a driver of its own.
  bundled ??= bundleDriver(
    fileURLToPath(new URL('broken-driver.ts', import.meta.url)),
    path.join(out, 'broken-driver.mjs'),
  );
  const driver = await bundled;
  const session = await Session.open({
    folders,
    engine: engine === 'real' ? await resolveEngine() : undefined,
    pinned: { version: readEngineLock().version, sha256: 'fake' },
    python: undefined,
    drivers: (client) => ({ client, file: process.execPath, args: ['--expose-gc', driver, name] }),
  });
  const result = await session.run({
    scenario: { ...scenario, ...deadline },
    client: chosen?.client ?? 'ts',
    engine,
    round: 1,
  });
  await session.close();
  const { processes } = await findLeftovers(folders.cells, path.join(folders.cells, 'tmp'));
  await endLeftovers(processes);
  await removeCells(folders);
  if (processes.length > 0)
    throw new Error(`proving the break ${name} left ${processes.map((one) => one.command).join('; ')}`);
  return result;
}
