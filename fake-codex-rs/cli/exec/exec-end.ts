import type { Closing } from '../../replay/closing.ts';
import type { Exit } from '../../replay/player.ts';

/** On SIGINT, `exec` exits by itself; the other signals kill it (0.171.0, measured). */
export function endedBy(signal: NodeJS.Signals | null): Exit {
  return signal === 'SIGINT' ? { code: 1, signal: null } : { code: null, signal };
}

/** Makes the run exit once its client is gone. Its input is closed from the start, so nothing else would tell it. */
export function untilClientGone(closing: Closing): { stop(): void } {
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && closing.begin('SIGHUP'), 500);
  return { stop: () => clearInterval(timer) };
}
