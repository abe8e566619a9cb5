import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEngineLock, resolveEngine } from '../../../native/index.ts';
import type { DriverCommand } from '../../driver/driver-child.ts';
import { driverCommand } from '../../driver/driver-registry.ts';
import { endLeftovers, findLeftovers } from '../../engine/leftovers.ts';
import { defaultFolders } from '../../run/folders.ts';
import { removeCells } from '../../run/remove-cells.ts';
import { Session } from '../../run/session.ts';
import type { CellResult } from '../../run/types.ts';
import { loadScenarios } from '../../scenario/index.ts';
import { type BreakName, breaks } from './breaks.ts';

/** The scenario in which the unbroken client is run, so that it is the broken driver's surroundings that are judged. */
const unbrokenScenario = 'turns/plain-message';

/**
 * Runs our client with one break (`none`: without) in the scenario and on the engine where it shows, judged like any cell.
 * Nothing of it is left running: the cell ends what a break leaves behind.
 * @throws Error when the scenario is not there, or a process of the run is alive after it; it is ended then.
 */
export async function provesBreak(name: BreakName | 'none'): Promise<CellResult> {
  const chosen = name === 'none' ? undefined : breaks[name];
  const engine = chosen?.engine ?? 'fake';
  const usual = defaultFolders();
  const own = defaultFolders(path.join(usual.repository, 'out', 'oracle', name));
  // A folder of its own: breaks are proven side by side, in one process.
  const folders = { ...own, cells: `${own.cells}-${name}` };
  const id = chosen?.scenario ?? unbrokenScenario;
  const scenario = (await loadScenarios(folders.scenarios)).find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`proving the break ${name}: there is no scenario ${id}`);
  const deadline = chosen?.deadlineMs === undefined ? {} : { deadlineMs: chosen.deadlineMs };
  const session = await Session.open({
    folders,
    engine: engine === 'real' ? await resolveEngine() : undefined,
    pinned: { version: readEngineLock().version, sha256: 'fake' },
    python: undefined,
    drivers: (client) => (client === 'ts' ? brokenDriver(name) : undefined),
  });
  const result = await session.run({ scenario: { ...scenario, ...deadline }, client: 'ts', engine, round: 1 });
  await session.close();
  const { processes } = await findLeftovers(folders.cells, path.join(folders.cells, 'tmp'));
  await endLeftovers(processes);
  await removeCells(folders);
  if (processes.length > 0) throw new Error(`proving the break ${name} left ${processes.map((one) => one.command).join('; ')}`);
  return result;
}

/** Our client's driver as it is started, with another program in its place. */
function brokenDriver(name: string): DriverCommand {
  const { args, ...command } = driverCommand('ts', { python: '' });
  return { ...command, args: [...args.slice(0, -1), fileURLToPath(new URL('broken-driver.ts', import.meta.url)), name] };
}
