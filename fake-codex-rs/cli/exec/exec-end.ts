import type { Closing } from '../../replay/closing.ts';
import type { Exit } from '../../replay/player.ts';

/** SIGINT is taken as a wish; of the others a run of `exec` dies (0.163.0, measured). */
export function endedBy(signal: NodeJS.Signals | null): Exit {
  return signal === 'SIGINT' ? { code: 1, signal: null } : { code: null, signal };
}

/** Has the run end once its client is gone: its input is closed from the start, so that nothing else tells. */
export function untilClientGone(closing: Closing): { stop(): void } {
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && closing.begin('SIGHUP'), 500);
  return { stop: () => clearInterval(timer) };
}
