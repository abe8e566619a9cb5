import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processAlive, processesGone } from '../../testing/engine/process-alive.ts';
import type { JsonValue } from '../../testing/json/json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { CellPaths, ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import type { ControlServer } from './control-server.ts';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import { machineFaults } from './machine-faults.ts';
import type { CellEnd, RunningCell } from './types.ts';
import { engineStarts, nowNs, readWireLog, type WireRecord, wireObservation } from './wire-log.ts';

/** How long the engine of a closed client may idle before it counts as left behind. While it is busy, it is waited for. */
const engineEndMs = 10_000;
/** How long the engine's own programs may then idle, likewise. */
const settleMs = 1000;
/** How often so. A machine on which a process needs more is not fit for a run. */
const mostWaits = 30;

export interface CellToEnd {
  paths: CellPaths;
  wireLog: string;
  control: ControlServer;
  scenario: Scenario;
  /** Called once the engine has exited, or had its time to, and before the wire log is read. */
  afterEngine?(): Promise<void>;
}

/** The two ends of a cell, real or fake; see `RunningCell`. */
export function cellEnd(cell: CellToEnd): Pick<RunningCell, 'finish' | 'dispose'> {
  const openedAt = nowNs();
  let finished: Promise<CellEnd> | undefined;
  let disposed: Promise<void> | undefined;
  let finishedWell = false;
  return {
    finish(told = []) {
      finished ??= finishCell(cell, openedAt, told).then((end) => {
        finishedWell = true;
        return end;
      });
      return finished;
    },
    dispose() {
      disposed ??= (async () => {
        await cell.control.close();
        // If it finished normally, it was checked then, and nothing starts afterwards.
        if (finishedWell) return;
        const { processes } = await findLeftovers(cell.paths.root, cell.paths.tmp);
        await endLeftovers(processes);
      })();
      return disposed;
    },
  };
}

/**
 * Waits for the engine to exit, closes the server, ends what was left behind, and returns what was seen, in the order
 * of the timestamps.
 * @throws Error if the wire log cannot be read, or a process survives SIGKILL
 */
async function finishCell(cell: CellToEnd, openedAt: number, told: readonly ObservationLine[]): Promise<CellEnd> {
  const { paths, wireLog, control, scenario, afterEngine } = cell;
  const closedAt = nowNs();
  const lines: ObservationLine[] = [];
  let records: WireRecord[] = [];
  try {
    const starts = engineStarts(readWireLog(wireLog));
    const pids = starts.flatMap(({ pid, tee }) => [pid, tee]).filter((pid) => pid !== null);
    await goneOrIdle(pids, engineEndMs);
    records = readWireLog(wireLog);
    await afterEngine?.();
    let left = await findLeftovers(paths.root, paths.tmp);
    if (left.processes.length > 0) {
      const programs = left.processes.map((one) => one.pid);
      await goneOrIdle(programs, settleMs);
      left = await findLeftovers(paths.root, paths.tmp);
    }
    if (left.processes.length + left.files.length > 0) {
      lines.push({ t: nowNs(), ch: 'rest', processes: left.processes.map((one) => one.command), files: left.files });
    }
    await endLeftovers(left.processes);
    for (const answer of control.unconsumed()) {
      lines.push({ t: nowNs(), ch: 'mark', mark: 'unconsumed model answer', detail: answer as unknown as JsonValue });
    }
  } finally {
    await control.close();
    await writeFile(join(paths.root, 'control.jsonl'), control.lines.map((line) => `${writeJson(line)}\n`).join(''));
  }
  lines.unshift(...wireObservation(readWireLog(wireLog)), ...control.lines);
  // Stable: lines with the same timestamp keep their order.
  lines.sort((a, b) => a.t - b.t);
  const ended = { scenario, root: paths.root, lines: [...lines, ...told], records, openedAt, closedAt };
  return { lines, machine: await machineFaults(ended) };
}

/** By their end, and not by a time: a process that the machine does not let run ends late, but it ends. */
async function goneOrIdle(pids: readonly number[], idleMs: number): Promise<void> {
  for (let waits = 0; waits < mostWaits; waits += 1) {
    if ((await processesGone(pids, idleMs)) || !pids.some((pid) => processAlive(pid) && isBusy(pid))) return;
  }
}

/**
 * Whether a process has work to do that the machine does not let it do: one of its threads is ready to run, waits for
 * the disk, or is stopped. A process that waits for input or for a timer is not busy. Only Linux tells; elsewhere no
 * process is.
 */
function isBusy(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return readdirSync(`/proc/${pid}/task`).some((task) => {
      const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8');
      return /[RDT]/.test(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '');
    });
  } catch {
    return false; // It has ended.
  }
}
