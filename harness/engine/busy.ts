import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether a process has work to do that the machine does not let it do: one of its threads is ready to run, waits for
 * the disk, or is stopped. A process that waits for input or for a timer is not busy. Only Linux tells; elsewhere no
 * process is.
 */
export function isBusy(pid: number): boolean {
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
