import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { patience } from '../driver/owed-line.ts';

/**
 * How long a step may take, in milliseconds: the scenario's own deadline or 20 s, times what `crowding` says. With 36
 * runnable threads on 2 processors an engine needs 12 s to start, and a step that went well was called a hang.
 */
export const deadlineOf = (scenario: { deadlineMs?: number }, crowd = crowding()): number =>
  (scenario.deadlineMs ?? patience.stepMs) * crowd;

/**
 * 1 while no processor has more than two threads to run, otherwise the half of their number, rounded up; at most 10. A
 * true hang then costs more time, and only there.
 */
export function crowding(runnable = runnableThreads(), processors = availableParallelism()): number {
  return Math.min(10, Math.max(1, Math.ceil(runnable / processors / 2)));
}

/** The mean of the last minute lags when load comes, the number of this moment when it goes: the larger of the two. */
function runnableThreads(): number {
  const mean = loadavg()[0] ?? 0;
  try {
    const now = Number.parseInt(readFileSync('/proc/loadavg', 'utf8').split(' ')[3] ?? '', 10);
    return Number.isNaN(now) ? mean : Math.max(mean, now);
  } catch {
    return mean; // Only Linux has the file.
  }
}
