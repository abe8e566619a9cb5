import path from 'node:path';
import { readEngineLock } from '../../../native/index.ts';
import type { CellResult } from '../../cell/types.ts';
import { type KnownClientId, ourClient } from '../../clients/clients.ts';
import { bundleDriver } from '../../driver/bundle-driver.ts';
import { driverCommand } from '../../driver/driver-registry.ts';
import { endLeftovers, findLeftovers } from '../../engine/leftovers.ts';
import { defaultFolders, removeCells } from '../../run/folders.ts';
import { Session } from '../../run/session.ts';
import type { StandingScenario } from '../../scenario/types.ts';

/** The longest time for one step, so that a break that makes it wait forever does not cost its whole deadline. */
const deadlineMs = 5_000;

const clientOf = ({ family }: StandingScenario): KnownClientId => ourClient(family);

/**
 * Runs our client, as it is in the tree `folder`, through scenarios on the fake engine, judged like any cell. Stops
 * after the first for which `enough` returns true. Leaves nothing running.
 * @param name the run's name, for its folders
 * @throws Error if the driver cannot be bundled
 */
export async function runScenarios(
  folder: string,
  scenarios: readonly StandingScenario[],
  name: string,
  signal: AbortSignal | undefined,
  enough: (result: CellResult) => boolean = () => false,
): Promise<CellResult[]> {
  const own = defaultFolders(path.join(defaultFolders().repository, 'out', 'behaviours', name));
  // Its own folder, because breaks are proven side by side in one process.
  const folders = { ...own, cells: `${own.cells}-${name}` };
  const clients = [...new Set(scenarios.map(clientOf))];
  const bundles = new Map(
    await Promise.all(clients.map(async (client) => [client, await bundle(folder, client)] as const)),
  );
  const session = await Session.open({
    folders,
    engine: undefined,
    pinned: { version: readEngineLock().pin, sha256: 'fake' },
    python: undefined,
    ...(signal && { signal }),
    drivers: (client) => ({
      client,
      file: process.execPath,
      args: ['--expose-gc', bundles.get(client as KnownClientId) ?? '', ...entryOf(client as KnownClientId).rest],
    }),
  });
  const results: CellResult[] = [];
  try {
    for (const scenario of scenarios) {
      signal?.throwIfAborted();
      const limited = { ...scenario, deadlineMs: Math.min(scenario.deadlineMs ?? deadlineMs, deadlineMs) };
      const result = await session.run({ scenario: limited, client: clientOf(scenario), engine: 'fake', round: 1 });
      results.push(result);
      if (enough(result)) break;
    }
  } finally {
    await session.close();
    const { processes } = await findLeftovers(folders.cells, path.join(folders.cells, 'tmp'));
    await endLeftovers(processes);
    await removeCells(folders);
  }
  return results;
}

/** The driver's program, and the arguments after it. */
function entryOf(client: KnownClientId): { entry: string; rest: string[] } {
  const { args } = driverCommand(client, { python: '' });
  const at = args.findIndex((arg) => arg.endsWith('-driver.ts'));
  return { entry: args[at] ?? '', rest: args.slice(at + 1) };
}

/** The client's driver, from the tree `folder`. */
function bundle(folder: string, client: KnownClientId): Promise<string> {
  const { repository } = defaultFolders();
  const { entry } = entryOf(client);
  return bundleDriver(
    path.join(folder, path.relative(repository, entry)),
    path.join(folder, 'dist', `${client}-driver.mjs`),
  );
}
