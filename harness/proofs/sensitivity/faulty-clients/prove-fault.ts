import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEngineLock, resolveEngine } from '../../../../native/index.ts';
import type { CellResult } from '../../../cell/types.ts';
import type { EngineKind } from '../../../clients/clients.ts';
import { bundleDriver } from '../../../driver/bundle-driver.ts';
import { endLeftovers, findLeftovers } from '../../../engine/leftovers.ts';
import { defaultFolders, removeCells } from '../../../run/folders.ts';
import { Session } from '../../../run/session.ts';
import { loadScenarios, onPin } from '../../../scenario/index.ts';
import type { StandingScenario } from '../../../scenario/types.ts';
import { type FaultName, faults } from './faults.ts';

/** The scenario that the client without a fault runs, so that the faulty driver's environment is what is judged. */
const faultlessScenario = 'turns/plain-message';

let scenarios: Promise<StandingScenario[]> | undefined;
let bundled: Promise<string> | undefined;

/**
 * Runs a client with one fault (`none`: without) in the scenario that shows it, judged like any cell. Its raw
 * observation stays in `out/sensitivity`. Nothing is left running: the cell ends what a fault leaves behind.
 * @throws Error if the scenario does not exist, or a process of the run is still alive afterwards; it is then killed
 */
export async function proveFault(name: FaultName | 'none', engine: EngineKind = 'fake'): Promise<CellResult> {
  const chosen = name === 'none' ? undefined : faults[name];
  const out = path.join(defaultFolders().repository, 'out', 'sensitivity');
  const own = defaultFolders(path.join(out, `${name}.${engine}`));
  // Its own folder, because faults are proven side by side in one process.
  const folders = { ...own, cells: `${own.cells}-${name}.${engine}` };
  const id = chosen?.scenario ?? faultlessScenario;
  scenarios ??= loadScenarios(folders.scenarios).then(onPin);
  const scenario = (await scenarios).find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`proving the fault ${name}: there is no scenario ${id}`);
  const deadline = chosen?.deadlineMs === undefined ? {} : { deadlineMs: chosen.deadlineMs };
  // Once per process: each fault needs its own driver.
  bundled ??= bundleDriver(
    fileURLToPath(new URL('faulty-driver.ts', import.meta.url)),
    path.join(out, 'faulty-driver.mjs'),
  );
  const driver = await bundled;
  const session = await Session.open({
    folders,
    engine: engine === 'real' ? await resolveEngine() : undefined,
    pinned: { version: readEngineLock().pin, sha256: 'fake' },
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
    throw new Error(`proving the fault ${name} left ${processes.map((one) => one.command).join('; ')}`);
  return result;
}
