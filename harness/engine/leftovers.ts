import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { execa } from 'execa';
import { processesGone } from '../../testing/engine/process-alive.ts';

// In the mutation worker, whose engines are no processes, harness/proofs/mutation/worker/fake-leftovers.ts stands in for this file.

/** A process that outlived its run. */
export interface LeftoverProcess {
  pid: number;
  /** Its command line, the words joined by spaces. */
  command: string;
}

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
  const processes = process.platform === 'linux' ? fromProc(root) : await fromPs(root);
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
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It exited by itself in the meantime.
    }
  }
  const pids = processes.map((one) => one.pid);
  if (!(await processesGone(pids, 5000))) {
    throw new Error(`Ending what a run left behind: processes ${pids.join(', ')} outlive SIGKILL by 5 s`);
  }
}

/** In one go: read one by one through the thread pool, these small files took a tenth of a whole run. */
function fromProc(root: string): LeftoverProcess[] {
  const found: LeftoverProcess[] = [];
  // These files are bytes in any encoding: read as latin1, byte for byte, they compare without loss.
  const bytes = Buffer.from(root).toString('latin1');
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // A zombie and a kernel thread have none.
    const cmdline = procFile(name, 'cmdline');
    if (cmdline === '') continue;
    if (!mentions(cmdline, bytes) && !mentions(procFile(name, 'environ'), bytes)) continue;
    const command = Buffer.from(cmdline, 'latin1').toString('utf8').split('\0').join(' ').trim();
    found.push({ pid: Number(name), command });
  }
  return found;
}

/** Empty if it cannot be read: another user's process, or one that has exited in the meantime. */
function procFile(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

async function fromPs(root: string): Promise<LeftoverProcess[]> {
  const { stdout } = await execa('ps', ['-axww', '-o', 'pid=,command='], { stdin: 'ignore' });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match?.[2] !== undefined && mentions(match[2], root) ? [{ pid: Number(match[1]), command: match[2] }] : [];
  });
}

/** `root` as a whole path or the start of one: `cell-1` must not claim what belongs to `cell-10`. */
function mentions(text: string, root: string): boolean {
  for (let at = text.indexOf(root); at >= 0; at = text.indexOf(root, at + 1)) {
    const next = text[at + root.length];
    if (next === undefined || !/[\w.-]/.test(next)) return true;
  }
  return false;
}
