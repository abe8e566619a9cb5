import { setImmediate } from 'node:timers';
import { expect, vi } from 'vitest';

/** A wait that began, and whether it is over. */
export interface Waiting {
  over(): unknown;
  end?(): unknown;
}

const longestTimerMs = 2 ** 31 - 1;

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

export const stopClock = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });

/** Time passes. What is due meanwhile happens, and what follows from it. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

/** What an option of milliseconds means. */
export interface Times {
  /** How long it is without the option; undefined: it has no default. */
  byDefault?: number;
  /** What stands for no limit. */
  never?: readonly number[];
  /** What stands for no wait. */
  atOnce?: readonly number[];
  /** The longest wait. */
  most?: number;
}

/**
 * Expects that a wait of so many milliseconds is not over a millisecond before its time, and over then.
 */
export async function expectTime(
  start: (ms: number | undefined) => Promise<Waiting>,
  { byDefault, never = [], atOnce = [], most = longestTimerMs }: Times,
): Promise<void> {
  const limits: [number | undefined, number][] = [1, 2, 999, 1000, 90_061]
    .filter((ms) => ms <= most)
    .map((ms) => [ms, ms]);
  if (byDefault !== undefined) limits.push([undefined, byDefault]);
  for (const [given, ms] of limits) {
    const { over, end } = await started(start, given);
    await pass(ms - 1);
    expect(over(), `${given}: over a millisecond too early`).toBe(false);
    await pass(1);
    expect(over(), `${given}: not over after ${ms} ms`).toBe(true);
    await end?.();
    vi.useRealTimers();
  }
  for (const ms of atOnce) {
    const { over, end } = await started(start, ms);
    expect(over(), `${ms}: not over at once`).toBe(true);
    await end?.();
    vi.useRealTimers();
  }
  // A timer takes 31 bits of milliseconds. More would be over at once.
  for (const ms of [...(most < longestTimerMs ? [] : [longestTimerMs]), ...never]) {
    const { over, end } = await started(start, ms);
    await pass(longestTimerMs - 1);
    expect(over(), `${ms}: over`).toBe(false);
    await end?.();
    vi.useRealTimers();
  }
}

async function started(start: (ms: number | undefined) => Promise<Waiting>, ms: number | undefined): Promise<Waiting> {
  stopClock();
  const waiting = await start(ms);
  await settle();
  return waiting;
}

/** A promise, and whether it has settled; with what. */
export function watched(promise: Promise<unknown>): { over(): boolean; outcome(): unknown } {
  let outcome: unknown;
  let over = false;
  promise.then(
    (value) => {
      [over, outcome] = [true, value];
    },
    (error: unknown) => {
      [over, outcome] = [true, error];
    },
  );
  return { over: () => over, outcome: () => outcome };
}
