import { afterEach, expect, test, vi } from 'vitest';
import { startDeadline } from './deadline.ts';

afterEach(() => void vi.useRealTimers());

/** The next round of the event loop, whatever the clock says. */
const { setImmediate: realImmediate } = globalThis;
const round = () => new Promise<void>((resolve) => void realImmediate(resolve));

test('it fires once the time is over, and not when it was stopped before, also while the pipes are being read', async () => {
  vi.useFakeTimers();
  const fired: string[] = [];
  startDeadline(1000, undefined, () => fired.push('first'));
  const stop = startDeadline(1000, undefined, () => fired.push('second'));
  const late = startDeadline(1000, performance.now() - 400, () => fired.push('third'));
  vi.advanceTimersByTime(600);
  late();
  await round();
  vi.advanceTimersByTime(399);
  await round();
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  stop();
  await round();
  expect(fired).toEqual(['first']);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([0, Number.POSITIVE_INFINITY, 2 ** 31])('%d milliseconds never end', (timeoutMs) => {
  vi.useFakeTimers();
  startDeadline(timeoutMs, undefined, () => expect.unreachable());
  expect(vi.getTimerCount()).toBe(0);
});

test('a program that was busy past the time waits for as long again, but not longer than half a second', async () => {
  for (const [busy, grace] of [
    [200, 200],
    [9000, 500],
  ] as const) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    let fired = false;
    const begin = performance.now();
    startDeadline(1000, begin, () => {
      fired = true;
    });
    // The clock goes on while nothing else can.
    const { now } = performance;
    vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + busy);
    vi.advanceTimersByTime(1000);
    await round();
    vi.advanceTimersByTime(grace - 1);
    await round();
    expect(fired).toBe(false);
    vi.advanceTimersByTime(1);
    await round();
    expect(fired).toBe(true);
    vi.restoreAllMocks();
    vi.useRealTimers();
  }
});
