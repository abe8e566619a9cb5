import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { readEngineLock } from '../../native/index.ts';
import { cellPath, engineName } from '../cell/cell-path.ts';
import { type CellPlan, failingVerdicts } from '../cell/types.ts';
import { type ClientId, clientIds, type EngineKind, isGuest, ourClient } from '../clients/clients.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { normalise } from '../normalise/normalise.ts';
import { describeObservation } from '../report/describe-observation.ts';
import { describeDifference, explainCell } from '../report/explain.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { planCells } from '../run/plan.ts';
import type { Session } from '../run/session.ts';
import {
  driverArg,
  engineVersionArg,
  parseClient,
  parseEngine,
  parseEngineVersion,
  selectionArgs,
} from './arguments.ts';
import { libraryOf, openSession, type Terminal, targetsOf } from './context.ts';
import { jsonFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

/** `rerun`: one cell, with every difference. Leaves the results of the last run alone. */
export const rerunCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'rerun',
      description: 'Run one cell again and show every difference; the last report is not changed',
    },
    args: {
      cell: {
        type: 'positional',
        required: true,
        description: 'SCENARIO/CLIENT/ENGINE as in a report, or only a scenario',
        valueHint: 'CELL',
      },
      client: { ...selectionArgs.client, description: 'Client, if the cell names none (default: ts or ts-exec)' },
      engine: {
        ...selectionArgs.engine,
        description: 'Engine, if the cell names none (default: fake, which plays the golden)',
      },
      'engine-version': {
        ...engineVersionArg,
        description: 'Version of the real engine, if the cell names none (default: the pin)',
      },
      driver: driverArg,
      show: { type: 'boolean', description: 'Show everything that happened, not only what differs' },
      json: { type: 'string', description: 'Write verdict and differences to this file', valueHint: 'FILE' },
      offline: selectionArgs.offline,
    },
    run: async ({ args }) => done(await rerun(args, terminal)),
  });

export interface RerunArgs {
  cell: string;
  client?: string | undefined;
  engine?: string | undefined;
  'engine-version'?: string | undefined;
  driver?: string | undefined;
  show?: boolean | undefined;
  json?: string | undefined;
  offline?: boolean | undefined;
}

export async function rerun(args: RerunArgs, terminal: Terminal): Promise<number> {
  const json = await jsonFile(args.json);
  const out = path.join(defaultFolders().repository, 'out', 'rerun');
  const address = parseCell(args);
  const versions = [address.engineVersion ?? []].flat();
  const { session, guest } = await openSession(args.offline === true, terminal, out, versions, args.driver);
  try {
    const joined = `${guest}, the client of --driver`;
    if (guest !== undefined && (address.client ?? guest) !== guest)
      throw new UsageError(expectedGot(`reading ${args.cell}`, joined, String(address.client)));
    const plan = await planOf({ ...address, client: address.client ?? guest }, session);
    const golden = await readGolden(goldenPath(session.options.folders.goldens, plan.scenario.id));
    if (golden === undefined && plan.engine === 'real' && plan.engineVersion === undefined)
      return await showUnjudged(plan, session, terminal);
    const result = await session.run(plan);
    const observed = session.normalised.get(cellPath(result));
    if (args.show === true && observed !== undefined) terminal.out(...describeObservation(observed, terminal.paint));
    await json?.write(result);
    for (const { id, difference } of result.known)
      terminal.out(`${terminal.paint.yellow('known')}  ${id}`, ...describeDifference(difference, terminal.paint));
    const failed = failingVerdicts.has(result.verdict);
    const name = `${result.scenario}  ${result.client} on ${engineName(result)}`;
    const fine = `${terminal.paint.green(result.verdict)}  ${name}${result.reason === undefined ? '' : `: ${result.reason}`}`;
    const folder = path.relative(session.options.folders.repository, out);
    const expected = failed ? await session.expectation(plan).catch(() => golden) : golden;
    const options = { golden: expected, most: Number.POSITIVE_INFINITY, folder };
    terminal.out(...(failed ? explainCell(result, terminal.paint, options) : [fine]));
    for (const difference of result.drift ?? [])
      terminal.out(terminal.paint.yellow('engine drift'), ...describeDifference(difference, terminal.paint));
    return exitCodes.rerun({ failed: failed ? 1 : 0, interrupted: terminal.signal.aborted });
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
}

/** @throws UsageError when there is no such cell */
async function planOf({ id, client, engine, engineVersion }: ParsedCell, session: Session): Promise<CellPlan> {
  const scenario = (await libraryOf(session.options.folders, [id])).scenarios.find((one) => one.id === id);
  if (scenario === undefined)
    throw new UsageError(`there is no scenario ${id}; npm run parity -- doctor checks them all`);
  const hellos = await session.hello([client ?? ourClient(scenario.family)]);
  const versions = [engineVersion ?? session.options.pinned.version];
  const targets = await targetsOf([engine ?? (engineVersion === undefined ? 'fake' : 'real')], versions);
  const [plan] = planCells({ scenarios: [scenario], clients: hellos, targets, rounds: 1 });
  return plan as CellPlan;
}

interface ParsedCell {
  id: string;
  client: ClientId | undefined;
  engine: EngineKind | undefined;
  /** Where it is another than the pin. */
  engineVersion: string | undefined;
}

/** `turns/steer/ts/real` and `turns/steer/ts/real-0.169.0` → their parts. For `turns/steer`, the options give the rest. */
export function parseCell(
  args: Pick<RerunArgs, 'cell' | 'client' | 'engine' | 'engine-version' | 'driver'>,
): ParsedCell {
  const { cell, client, engine, 'engine-version': version } = args;
  const parts = cell.split('/');
  const [ofClient, ofEngine = ''] = parts.slice(-2);
  const isNamed = (name: string): name is ClientId =>
    (clientIds as readonly string[]).includes(name) || (args.driver !== undefined && isGuest(name));
  const named = ofClient !== undefined && isNamed(ofClient) ? ofClient : undefined;
  const [, on, onVersion] = /^(real|fake)(?:(?<=real)-(\d.*))?$/.exec(ofEngine) ?? [];
  if (named !== undefined && on !== undefined) {
    if (client !== undefined || engine !== undefined || version !== undefined) {
      const got = '--client, --engine or --engine-version beside it';
      throw new UsageError(expectedGot(`reading ${cell}`, 'a cell that names its client and engine', got));
    }
    const id = parts.slice(0, -2).join('/');
    return { id, client: named, engine: on as EngineKind, engineVersion: otherThanPin(onVersion) };
  }
  const kind = parseEngine(engine);
  const engineVersion = otherThanPin(version);
  if (engineVersion !== undefined && kind === 'fake')
    throw new UsageError(expectedGot('rerunning a cell', 'the real engine for a version of it', 'the fake'));
  return {
    id: cell,
    client: client !== undefined && isNamed(client) ? client : parseClient(client),
    engine: kind,
    engineVersion,
  };
}

/** @throws UsageError when the lock has no such engine */
function otherThanPin(version: string | undefined): string | undefined {
  const named = parseEngineVersion(version);
  return named === readEngineLock().pin ? undefined : named;
}

/** A scenario that is being written has nothing to be compared with: what happened is shown. */
async function showUnjudged(plan: CellPlan, session: Session, terminal: Terminal): Promise<number> {
  if (plan.notApplicable !== undefined) throw new UsageError(`${plan.scenario.id}: ${plan.notApplicable}`);
  const { observation } = await session.observe(plan);
  terminal.out(...describeObservation(normalise(observation), terminal.paint));
  terminal.out('', `${plan.scenario.id} has no golden to be compared with: npm run record -- ${plan.scenario.id}`);
  return 1;
}
