import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Leftovers } from '../../../engine/leftovers.ts';
import type { LeftoverProcess } from '../../../engine/run-processes.ts';
import { fakesOf } from './fake-process.ts';

/** What a run left behind: engines of its root that still run, and files in its temp folder. */
export async function findLeftovers(root: string, tmp: string): Promise<Leftovers> {
  const entries = await readdir(tmp, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name).slice(tmp.length + 1))
    .sort();
  return { processes: fakesOf(root).map(({ pid, argv }) => ({ pid, command: argv.join(' ') })), files };
}

/** Ends the engines. */
export async function endLeftovers(processes: readonly LeftoverProcess[]): Promise<void> {
  for (const { pid } of processes) process.kill(pid, 'SIGKILL');
}
