import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processesGone } from '../../testing/engine/process-alive.ts';
import type { JsonValue } from '../../testing/json/json.ts';
import type { CellPaths, ObservationLine } from '../observation/types.ts';
import { nowNs } from './clock.ts';
import type { ControlServer } from './control-server.ts';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import type { RunningCell } from './types.ts';
import { engineStarts, readWireLog, wireObservation } from './wire-log.ts';

/** How long the engine of a closed client may take to exit before it counts as left behind. */
const engineEndMs = 10_000;
/** How long the engine's own programs may outlive it before they count as left behind. */
const settleMs = 1000;

export interface CellToEnd {
  paths: CellPaths;
  wireLog: string;
  control: ControlServer;
  /** Called once the engine has exited, or had its time to, and before the wire log is read. */
  afterEngine?(): Promise<void>;
}

/** The two ends of a cell, real or fake; see `RunningCell`. */
export function cellEnd(cell: CellToEnd): Pick<RunningCell, 'finish' | 'dispose'> {
  let finished: Promise<ObservationLine[]> | undefined;
  let disposed: Promise<void> | undefined;
  let finishedWell = false;
  return {
    finish() {
      finished ??= finishCell(cell).then((lines) => {
        finishedWell = true;
        return lines;
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
async function finishCell({ paths, wireLog, control, afterEngine }: CellToEnd): Promise<ObservationLine[]> {
  const lines: ObservationLine[] = [];
  try {
    const starts = engineStarts(readWireLog(wireLog));
    const pids = starts.flatMap(({ pid, tee }) => [pid, tee]).filter((pid) => pid !== null);
    await processesGone(pids, engineEndMs);
    await afterEngine?.();
    let left = await findLeftovers(paths.root, paths.tmp);
    if (left.processes.length > 0) {
      await processesGone(
        left.processes.map((one) => one.pid),
        settleMs,
      );
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
    await writeFile(
      join(paths.root, 'control.jsonl'),
      control.lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }
  lines.unshift(...wireObservation(readWireLog(wireLog)), ...control.lines);
  // Stable: lines with the same timestamp keep their order.
  return lines.sort((a, b) => a.t - b.t);
}
