import path from 'node:path';
import { defineCommand } from 'citty';
import { cellPath } from '../cell/cell-path.ts';
import type { CellPlan } from '../cell/types.ts';
import { failingVerdicts } from '../cell/verdict.ts';
import type { ClientId, EngineKind } from '../clients/clients.ts';
import { clientIds, ourClient } from '../clients/clients.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { normalise } from '../normalise/normalise.ts';
import { describeDifference, explainCell } from '../report/explain.ts';
import { defaultFolders } from '../run/folders.ts';
import { planCells } from '../run/plan.ts';
import { removeCells } from '../run/remove-cells.ts';
import type { Session } from '../run/session.ts';
import { parseClient, parseEngine, selectionArgs } from './arguments.ts';
import { allScenarios, openSession, type Terminal } from './context.ts';
import { describeObservation } from './describe-observation.ts';
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
  show?: boolean | undefined;
  json?: string | undefined;
  offline?: boolean | undefined;
}

export async function rerun(args: RerunArgs, terminal: Terminal): Promise<number> {
  const json = await jsonFile(args.json);
  const out = path.join(defaultFolders().repository, 'out', 'rerun');
  const { session } = await openSession(args.offline === true, terminal, out);
  try {
    const plan = await planOf(args, session);
    const golden = await readGolden(goldenPath(session.options.folders.goldens, plan.scenario.id));
    if (golden === undefined && plan.engine === 'real') return await showUnjudged(plan, session, terminal);
    const result = await session.run(plan);
    const observed = session.normalised.get(cellPath(result));
    if (args.show === true && observed !== undefined) terminal.out(...describeObservation(observed, terminal.paint));
    await json?.write(result);
    for (const { id, difference } of result.known)
      terminal.out(`${terminal.paint.yellow('known')}  ${id}`, ...describeDifference(difference, terminal.paint));
    const failed = failingVerdicts.has(result.verdict);
    const name = `${result.scenario}  ${result.client} on ${result.engine}`;
    const fine = `${terminal.paint.green(result.verdict)}  ${name}${result.reason === undefined ? '' : `: ${result.reason}`}`;
    const folder = path.relative(session.options.folders.repository, out);
    terminal.out(
      ...(failed ? explainCell(result, terminal.paint, { golden, most: Number.POSITIVE_INFINITY, folder }) : [fine]),
    );
    return failed || terminal.signal.aborted ? 1 : 0;
  } finally {
    await session.close();
    await removeCells(session.options.folders);
  }
}

/** @throws UsageError when there is no such cell */
async function planOf(args: RerunArgs, session: Session): Promise<CellPlan> {
  const { id, client, engine } = parseCell(args);
  const scenario = (await allScenarios(session.options.folders)).find((one) => one.id === id);
  if (scenario === undefined)
    throw new UsageError(`there is no scenario ${id}; npm run parity -- doctor checks them all`);
  const hellos = await session.hello([client ?? ourClient(scenario.family)]);
  const { version: engineVersion } = session.options.pinned;
  const [plan] = planCells({
    scenarios: [scenario],
    clients: hellos,
    engines: [engine ?? 'fake'],
    engineVersion,
    rounds: 1,
  });
  return plan as CellPlan;
}

/** `turns/steer/ts/real` → its parts; of `turns/steer` the options say the rest. */
export function parseCell({ cell, client, engine }: Pick<RerunArgs, 'cell' | 'client' | 'engine'>): {
  id: string;
  client: ClientId | undefined;
  engine: EngineKind | undefined;
} {
  const parts = cell.split('/');
  const [ofClient, ofEngine] = parts.slice(-2);
  const named = clientIds.find((known) => known === ofClient);
  const on = (['real', 'fake'] as const).find((known) => known === ofEngine);
  if (named !== undefined && on !== undefined) {
    if (client !== undefined || engine !== undefined)
      throw new UsageError(`${cell} names its client and engine; --client and --engine are for a scenario alone`);
    return { id: parts.slice(0, -2).join('/'), client: named, engine: on };
  }
  return { id: cell, client: parseClient(client), engine: parseEngine(engine) };
}

/** A scenario that is being written has nothing to be compared with: what happened is shown. */
async function showUnjudged(plan: CellPlan, session: Session, terminal: Terminal): Promise<number> {
  if (plan.notApplicable !== undefined) throw new UsageError(`${plan.scenario.id}: ${plan.notApplicable}`);
  const { observation } = await session.observe(plan);
  terminal.out(...describeObservation(normalise(observation), terminal.paint));
  terminal.out('', `${plan.scenario.id} has no golden to be compared with: npm run record -- ${plan.scenario.id}`);
  return 1;
}
