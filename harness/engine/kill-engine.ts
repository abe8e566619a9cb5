import { constants } from 'node:os';
import { expectedGot } from '../../native/expected-got.mjs';
import { processAlive, processesGone } from '../../testing/engine/process-alive.ts';
import { engineStarts, readWireLog } from './wire-log.ts';

/**
 * The process id of the running engine, according to the wire log: the last one started whose exit was not seen.
 * @throws Error if none is running
 */
export function runningEngine(wireLog: string): number {
  const starts = engineStarts(readWireLog(wireLog));
  const running = starts.findLast((start) => !start.exited && start.pid !== null && processAlive(start.pid));
  if (typeof running?.pid !== 'number') {
    throw new Error(`Killing the engine: none of the ${starts.length} engines that this run has started is running`);
  }
  return running.pid;
}

/** Checks the name of a signal. @throws Error for a name that this system does not have */
export function signalName(name: string): NodeJS.Signals {
  if (name in constants.signals) return name as NodeJS.Signals;
  throw new Error(expectedGot('killing the engine', 'SIGKILL, SIGTERM or another signal', JSON.stringify(name)));
}

/**
 * Waits until every engine of the run is gone, and then the tee, whose pipes are the client's. It has no limit of its own: the deadline of the step that
 * waits grows with the load, and one of 30 s was met before it on a busy machine, so that a hang was told as a failure of the driver.
 * @throws Error if one still runs when the step is given up
 */
export async function engineGone(wireLog: string, abort: AbortSignal): Promise<void> {
  const pids = engineStarts(readWireLog(wireLog)).flatMap(({ pid, tee }) => [pid ?? [], tee ?? []].flat());
  if (!(await processesGone(pids, Number.POSITIVE_INFINITY, abort))) {
    throw new Error(`Waiting for the engine's end: one of the processes ${pids.join(', ')} still runs`);
  }
}

/** Sends the signal and waits until the process is gone. @throws Error if it survives the signal by 10 s */
export async function killAndWait(pid: number, name: NodeJS.Signals, abort: AbortSignal): Promise<void> {
  process.kill(pid, name);
  if (!(await processesGone([pid], 10_000, abort))) {
    throw new Error(`Killing the engine: process ${pid} still runs 10 s after ${name}`);
  }
}
