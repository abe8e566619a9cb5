import { expect, test } from 'vitest';
import { CodexError } from './codex-error.ts';
import { copyError, EngineExitError, exitMeaning, exitText, TransportClosedError } from './connection-errors.ts';

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

const exit = { exitCode: null, signal: 'SIGKILL', stderrTail: 'last\nwords' } as const;

test.each([
  new CodexError('m', { kind: 'protocol', cause: new Error('inner') }),
  new TransportClosedError('m'),
  new EngineExitError('m', exit),
])('each caller of a connection that is gone has an error of his own: %s', (cause) => {
  const [one, other] = [copyError(cause, { action: 'a/b' }), copyError(cause, { action: 'c' })];
  expect(one).not.toBe(other);
  expect(one.constructor).toBe(cause.constructor);
  expect([one, other]).toMatchObject([{ action: 'a/b' }, { action: 'c' }]);
  const { message, kind, retryable, cause: inner } = cause;
  expect(one).toMatchObject({ message, kind, retryable });
  expect(one.cause).toBe(inner);
  expect('cause' in one).toBe('cause' in cause);
});

test('how the engine ended is said to each', () => {
  const error = copyError(new EngineExitError('m', exit), { action: 'a' });
  expect(error).toMatchObject({ ...exit, retryable: true, reason: expect.stringContaining('killed') });
});

test('an error from elsewhere goes to everyone as it is', () => {
  const cause = new TypeError('m');
  expect(copyError(cause, { action: 'a' })).toBe(cause);
});

test.each([
  [
    101,
    null,
    "thread 'main' panicked at src/main.rs:3:5:\nno such home\nnote: run with `RUST_BACKTRACE=1` …\n",
    "Codex process ended with exit code 101: it panicked. Its last words: thread 'main' panicked at src/main.rs:3:5: no such home",
  ],
  [null, 'SIGKILL', '', 'Codex process ended with signal SIGKILL: it was killed; without memory the system does that.'],
  [3, null, 'one\nError: two\n\n', 'Codex process ended with exit code 3. Its last words: Error: two'],
  [
    3,
    null,
    'Error: unknown variant `x`\nin `sandbox_mode`\n\n\nStack backtrace:\n   0: <unknown>\n',
    'Codex process ended with exit code 3. Its last words: Error: unknown variant `x` in `sandbox_mode`',
  ],
  [
    134,
    null,
    'abort\nstack backtrace:\n   0: std::abort\n             at /rust/lib.rs:1\n',
    'Codex process ended with exit code 134: it crashed. Its last words: abort',
  ],
  [
    1,
    null,
    'x'.repeat(9000),
    `Codex process ended with exit code 1: it refused to run: it does not accept a setting, or CODEX_HOME is not a folder. Its last words: ${'x'.repeat(500)}… (9000 characters)`,
  ],
] as const)('the text of exit code %j, signal %j', (exitCode, signal, stderrTail, text) => {
  expect(exitText({ exitCode, signal, stderrTail })).toBe(text);
});
