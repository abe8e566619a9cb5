import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/**
 * Names this program, for what it leaves on disk: `PID-PLACE-START`. Other programs tell by it whether it has ended, also when its process id was given
 * away again, and leave alone what belongs to another machine or container.
 */
export async function programMark(): Promise<string> {
  return `${process.pid}-${await place()}-${await startOf(process.pid)}`;
}

/** Whether the program of a mark has ended. False for what is no mark, and for a place where this program cannot see who lives. */
export async function hasEnded(mark: string): Promise<boolean> {
  const [, pid, where, start] = /^(\d+)-([0-9a-f]{12})-([0-9a-z]+)$/.exec(mark) ?? [];
  return pid !== undefined && where === (await place()) && start !== (await startOf(Number(pid)));
}

let placed: Promise<string> | undefined;

/** Where process ids have their meaning: this machine since it was started, and this container of it. */
function place(): Promise<string> {
  placed ??= (async () => {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    const container = await readlink('/proc/self/ns/pid').catch(() => '');
    return createHash('sha256').update(`${hostname()}\0${boot}\0${container}`).digest('hex').slice(0, 12);
  })();
  return placed;
}

/**
 * When a process was started, so that another one with its id is told from it. `0` if it has ended. Where the system does
 * not say it, `1` stands for any process that lives.
 */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? '0' : (fields[18] ?? '1');
  } catch {
    if (process.platform === 'linux') return '0';
  }
  try {
    process.kill(pid, 0);
    return '1';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '1' : '0';
  }
}
