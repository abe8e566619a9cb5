import { readdir } from 'node:fs/promises';
import { processesGone } from '../../testing/engine/process-alive.ts';
import { kill, type LeftoverProcess, processesOf } from './run-processes.ts';

// In the mutation worker, whose engines are no processes, harness/proofs/mutation/worker/fake-leftovers.ts stands in for this file.

export interface Leftovers {
  processes: LeftoverProcess[];
  /** Files in the run's temp folder, relative to it. */
  files: string[];
}

/** The engine keeps this lock of its sandbox for later runs: its own housekeeping, whatever the client did. */
const enginesOwn = /^codex-bwrap-synthetic-mount-targets-\d+\/lock$/;

/**
 * What a run left behind. A process belongs to it if the run's root occurs in its environment (every program that the
 * engine starts inherits CODEX_HOME and TMPDIR) or in its command line. Linux shows both. Elsewhere `ps` shows only the
 * command line, so a program that does not mention the root is not found.
 */
export async function findLeftovers(root: string, tmp: string): Promise<Leftovers> {
  const processes = await processesOf(root);
  const entries = await readdir(tmp, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(tmp.length + 1))
    .filter((file) => !enginesOwn.test(file))
    .sort();
  return { processes: processes.filter((one) => one.pid !== process.pid), files };
}

/** Kills the processes and waits until they are gone. */
export async function endLeftovers(processes: readonly LeftoverProcess[]): Promise<void> {
  kill(processes);
  const pids = processes.map((one) => one.pid);
  if (!(await processesGone(pids, 5000))) {
    throw new Error(`Ending what a run left behind: processes ${pids.join(', ')} outlive SIGKILL by 5 s`);
  }
}
