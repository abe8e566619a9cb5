import { constants } from 'node:os';

/** What the way in which a process ended says. */
export interface ExitMeaning {
  reason: string;
  /** Whether a new process may fare better without anything being changed. */
  retryable: boolean;
}

const asked = (reason: string): ExitMeaning => ({ reason, retryable: false });
const wrong = (reason: string): ExitMeaning => ({ reason, retryable: false });
const crashed = (reason: string): ExitMeaning => ({ reason, retryable: true });

/** Measured with the engine 0.163.0, but for those of a launcher: what a shell, or a program in place of the engine, ends with. */
const byCode: Readonly<Record<number, ExitMeaning>> = {
  0: asked('it was asked to end: its stdin was closed, or it got SIGTERM'),
  1: wrong('it refused to run: a setting that it does not accept, or a CODEX_HOME that is no folder'),
  2: wrong('its command line is wrong'),
  101: crashed('it panicked'),
  126: wrong('the launcher could not execute it'),
  127: wrong('the launcher did not find it'),
};

const bySignal: Readonly<Partial<Record<NodeJS.Signals, ExitMeaning>>> = {
  SIGTERM: asked('it was asked to end'),
  SIGINT: asked('it was interrupted, as by Ctrl-C'),
  SIGQUIT: asked('it was asked to end'),
  SIGHUP: asked('its terminal or session was closed'),
  SIGKILL: crashed('it was killed; without memory the system does that'),
  SIGSEGV: crashed('it crashed'),
  SIGBUS: crashed('it crashed'),
  SIGABRT: crashed('it crashed'),
  SIGFPE: crashed('it crashed'),
  SIGILL: wrong('it crashed: this processor lacks an instruction'),
  SIGSYS: wrong('it crashed: it may not make a system call'),
};

/** Of these alone: a system has several names for some (6 is SIGABRT and SIGIOT). */
const signals = new Map(
  Object.keys(bySignal).map((name) => [constants.signals[name as NodeJS.Signals], name as NodeJS.Signals]),
);

/**
 * Reads the end of an engine's process. A code above 128 is what a shell makes of a signal.
 * @param exitCode null where a signal ended the process
 */
export function exitMeaning(exitCode: number | null, signal: NodeJS.Signals | null): ExitMeaning {
  const known = byCode[exitCode ?? -1];
  if (known) return known;
  const name = signal ?? signals.get((exitCode ?? 0) - 128);
  const end = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return (name && bySignal[name]) ?? { reason: `it ended with ${end}, which has no known meaning`, retryable: false };
}
