import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../../../native/expected-got.mjs';
import { execAdapter } from '../../../driver/exec/exec-adapter.ts';
import { execClient } from '../../../driver/exec/exec-clients.ts';
import type { FromDriver } from '../../../driver/protocol.ts';
import type { ClientAdapter } from '../../../driver/ts/adapter.ts';
import { performRun } from '../../../driver/ts/run.ts';
import { sdkAdapter } from '../../../driver/ts/sdk-adapter.ts';
import { runMessage } from '../../../engine/cell.ts';
import { openFakeCell } from '../../../engine/fake-cell.ts';
import type { RunningCell } from '../../../engine/types.ts';
import { mergeLines } from '../../../observation/observation-file.ts';
import type { ObservationLine } from '../../../observation/types.ts';
import { withAwaited } from '../../../scenario/awaited.ts';
import type { WorkDone, WorkerOptions, WorkOrder } from '../types.ts';
import { switches } from './switches.ts';

/** Everything is within this process, so what has not arrived by then will not arrive. */
const limits = { close: 1_000, leftover: 200 };
/** This process as it was started: an exec client turns it into a user's program. */
const own = { env: { ...process.env }, folder: process.cwd() };

const adapters: Partial<Record<string, ClientAdapter>> = {
  ts: sdkAdapter,
  'ts-exec': execAdapter(await execClient('ts-exec')),
};
/**
 * What importing the SDK has reached. Not counted any further, because leftovers of a run continue between the runs.
 */
const atLoading = { ...switches.mutantCoverage.static };
let runs = 0;

/** Runs one cell on the fake engine with its mutant switched on. Never rejects. */
export async function runOrder(order: WorkOrder, options: WorkerOptions): Promise<WorkDone> {
  const broken: unknown[] = [];
  // What fails while the client performs the scenario may be the client's fault; a cell that does not open or end is
  // not.
  let failedBy: 'client' | 'harness' = 'harness';
  // What nobody catches would have ended a driver, so it is a failure of this run.
  const uncaught = (error: unknown) => void broken.push(error);
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
  const { mutantCoverage } = switches;
  beAsStarted();
  try {
    const adapter = adapters[order.client];
    if (adapter === undefined)
      throw new Error(expectedGot('running an order of a mutation worker', 'the client ts or ts-exec', order.client));
    const cell = await open(order, options);
    try {
      const test = `${++runs}`;
      Object.assign(switches, {
        activeMutant: order.mutant ?? undefined,
        hitCount: order.hitLimit === undefined ? undefined : 0,
        hitLimit: order.hitLimit,
        currentTestId: order.cover ? test : undefined,
      });
      failedBy = 'client';
      const { lines, tainted } = await perform(adapter, order, cell, test);
      failedBy = 'harness';
      const looped = switches.hitCount !== undefined && switches.hitCount > (switches.hitLimit ?? 0);
      const observation = {
        clientVersion: adapter.version,
        ...(adapter.clientInfo && { clientInfo: adapter.clientInfo }),
        paths: cell.paths,
        lines: mergeLines(withAwaited(lines, order.scenario), (await cell.finish()).lines),
      };
      if (options.mutant === undefined) switches.activeMutant = undefined;
      const endless = looped || lines.some(({ ch }) => ch === 'hang');
      const covered = { static: atLoading, run: mutantCoverage.perTest[test] ?? {} };
      delete mutantCoverage.perTest[test];
      const said = { endless, tainted: tainted || looped, ...(order.cover && { covered }) };
      // An exec client observes uncaught errors itself.
      if (broken.length > 0 && order.client === 'ts')
        return { ...said, failure: String(broken[0]), failedBy: 'client', tainted: true };
      return { ...said, observation, tainted: said.tainted || broken.length > 0 };
    } finally {
      await cell.dispose();
      await rm(cell.paths.root, { recursive: true, force: true });
    }
  } catch (error) {
    return { failure: (error as Error)?.stack ?? String(error), failedBy, endless: false, tainted: true };
  } finally {
    switches.currentTestId = undefined;
    process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
  }
}

function beAsStarted(): void {
  process.chdir(own.folder);
  for (const key of Object.keys(process.env)) if (!(key in own.env)) delete process.env[key];
  Object.assign(process.env, own.env);
}

async function perform(adapter: ClientAdapter, { scenario, stepMs }: WorkOrder, cell: RunningCell, run: string) {
  const lines: ObservationLine[] = [];
  const write = (message: FromDriver) => {
    if (message.type === 'line') lines.push({ t: message.t, ...message.line });
  };
  const message = runMessage(cell, scenario, run);
  const done = await performRun(adapter, message, write, { ...limits, step: stepMs });
  return { lines, tainted: done.tainted === true };
}

function open({ scenario }: WorkOrder, { goldens, cells, engineVersion }: WorkerOptions): Promise<RunningCell> {
  const root = path.join(cells, `${process.pid}-${runs + 1}`);
  return openFakeCell({ scenario, goldens, engineVersion, root });
}
