import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';

/** A process that outlived its run. */
export interface LeftoverProcess {
  pid: number;
  /** Its command line, the words joined by spaces. */
  command: string;
}

/** Processes of the system that belong to a run, by its root; see `findLeftovers`. */
export const processesOf = async (root: string): Promise<LeftoverProcess[]> =>
  process.platform === 'linux' ? fromProc(root) : await fromPs(root);

/** Kills the processes, and waits for none. */
export function kill(processes: readonly LeftoverProcess[]): void {
  for (const { pid } of processes)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It exited by itself in the meantime.
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
