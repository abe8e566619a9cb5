import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setImmediate } from '../host/real-timers.ts';
import { type ProcessEntry, readMac } from './process-entry.ts';

// In the mutation worker, whose engines are no processes, harness/proofs/mutation/worker/fake-process-list.ts stands in for this file.

/**
 * Every process that has not ended. Undefined where the system cannot be asked, as on Windows.
 * @param environments false saves half of the reading; they are then empty
 */
export async function listProcesses(environments = true): Promise<ProcessEntry[] | undefined> {
  if (process.platform === 'linux') return await listLinux(environments);
  if (process.platform === 'darwin') return await listMac();
  return undefined;
}

/** Whether it is still the same process that was listed, and not another one with its id. */
export async function isSame({ pid, start }: ProcessEntry): Promise<boolean> {
  if (process.platform === 'linux') return readLinux(String(pid), false)?.start === start;
  return (await listMac([pid]))?.[0]?.start === start;
}

/** How many processes are read before others get a turn. */
const batch = 100;

async function listLinux(environments: boolean): Promise<ProcessEntry[] | undefined> {
  try {
    const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const entries: ProcessEntry[] = [];
    for (let at = 0; at < names.length; at += batch) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const name of names.slice(at, at + batch)) {
        const entry = readLinux(name, environments);
        if (entry) entries.push(entry);
      }
    }
    return entries;
  } catch {
    return undefined;
  }
}

// Without waiting: these files are made when they are read, in a few microseconds; a detour through the thread pool takes ten times that.
function readLinux(pid: string, environments: boolean): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name comes first, in parentheses, and may contain anything, even a parenthesis.
    const [state, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const environment = environments ? environmentOf(pid) : '';
    return { pid: Number(pid), parent: Number(parent), start: fields[17] ?? '', environment };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

async function listMac(pids: readonly number[] = []): Promise<ProcessEntry[] | undefined> {
  const which = pids.length > 0 ? ['-p', pids.join(',')] : ['-x', '-U', String(process.getuid?.() ?? '')];
  try {
    // With `-E`, the environment follows the command.
    const args = [...which, '-E', '-ww', '-o', 'pid=,ppid=,stat=,lstart=,command='];
    const env = { ...process.env, LC_ALL: 'C' };
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const { stdout } = await promisify(execFile)('/bin/ps', args, { env, maxBuffer: 256 * 1024 * 1024 });
    return readMac(stdout);
  } catch {
    return undefined;
  }
}
