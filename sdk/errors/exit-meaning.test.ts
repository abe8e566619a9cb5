import { expect, test } from 'vitest';
import { exitMeaning } from './exit-meaning.ts';

test.each([
  [0, null, 'it was asked to end: its stdin was closed, or it got SIGTERM', false],
  [127, null, 'the launcher did not find it', false],
  [101, null, 'it panicked', true],
  [null, 'SIGKILL', 'it was killed; without memory the system does that', true],
  [137, null, 'it was killed; without memory the system does that', true],
  [143, null, 'it was asked to end', false],
  [134, null, 'it crashed', true],
  [3, null, 'it ended with exit code 3, which has no known meaning', false],
  [null, 'SIGUSR1', 'it ended with signal SIGUSR1, which has no known meaning', false],
] as const)('exit code %j, signal %j', (exitCode, signal, reason, retryable) => {
  expect(exitMeaning(exitCode, signal)).toEqual({ reason, retryable });
});
