import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLauncher } from '../../testing/engine/launcher.ts';
import { processesGone } from '../../testing/engine/process-alive.ts';
import type { JsonValue } from '../../testing/scripted-model/types.ts';
import type { CellPaths, ObservationLine } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';
import { cellPaths, makeCell } from './cell.ts';
import { nowNs } from './clock.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { endLeftovers, findLeftovers } from './leftovers.ts';
import { engineStarts, readWireLog, wireObservation } from './wire-log.ts';

/** The engine that a cell runs; `native` resolves and verifies it. */
export interface CellEngine {
  path: string;
  version: string;
  sha256: string;
}

export interface RealCellOptions {
  scenario: Scenario;
  engine: CellEngine;
  /** The run's own folder, absolute, outside the temp folder; the caller removes it: its raw files are the run's evidence. */
  root: string;
}

/** One run's surroundings on the real engine. */
export interface RealCell {
  paths: CellPaths;
  /** For the client's configuration's `env`. */
  env: Record<string, string>;
  /** For the client's configuration's `codex_bin`: a launcher that runs the tee around the engine. */
  codexBin: string;
  /** `control.url` is the `control` of the driver protocol's `run`. */
  control: ControlServer;
  /**
   * To be called when the client is closed: waits for the engine's end, closes the server, ends what was left, and returns what engine,
   * model and control server saw, in the order of their stamps. Idempotent.
   * @throws Error when the wire log cannot be read, or a process outlives SIGKILL.
   */
  finish(): Promise<ObservationLine[]>;
  /** Ends processes and server at once, whatever the run is doing. Idempotent; after `finish` it does nothing. */
  dispose(): Promise<void>;
}

/** How long a closed client's engine may take to end before it counts as left over. */
export const engineEndMs = 10_000;
/** How long the engine's own programs may outlive it before they count as left over. */
const settleMs = 1000;

/** @throws Error when the folders, the launcher or the server cannot be made; nothing is left running then. */
export async function openRealCell({ scenario, engine, root }: RealCellOptions): Promise<RealCell> {
  const wireLog = join(root, 'wire.jsonl');
  const control = await startControlServer({
    answers: scenario.model ?? [],
    workspace: cellPaths(root).workspace,
    wireLog,
  });
  try {
    const { paths, env } = await makeCell(scenario, root, `${control.url}/v1`);
    const codexBin = await writeLauncher({ engine: engine.path, log: wireLog, folder: paths.root });
    let finished: Promise<ObservationLine[]> | undefined;
    let disposed: Promise<void> | undefined;
    return {
      paths,
      env,
      codexBin,
      control,
      finish() {
        finished ??= finishCell(paths, wireLog, control);
        return finished;
      },
      dispose() {
        disposed ??= (async () => {
          await control.close();
          const { processes } = await findLeftovers(paths.root, paths.tmp);
          await endLeftovers(processes);
        })();
        return disposed;
      },
    };
  } catch (error) {
    await control.close();
    throw error;
  }
}

/**
 * Waits for the engine's end, closes the server, ends what was left behind, and returns what was seen, in the order of its stamps.
 * @throws Error when the wire log cannot be read, or a process outlives SIGKILL.
 */
export async function finishCell(
  paths: CellPaths,
  wireLog: string,
  control: ControlServer,
): Promise<ObservationLine[]> {
  const lines: ObservationLine[] = [];
  try {
    const starts = engineStarts(readWireLog(wireLog));
    const pids = starts.flatMap(({ pid, tee }) => [pid, tee]).filter((pid) => pid !== null);
    await processesGone(pids, engineEndMs);
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
  // Stable: lines with one stamp keep their order.
  return lines.sort((a, b) => a.t - b.t);
}
