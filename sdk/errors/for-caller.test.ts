import { expect, test } from 'vitest';
import { forCaller } from './for-caller.ts';
import { CodexError, EngineExitError, TransportClosedError } from './index.ts';

const exit = { exitCode: null, signal: 'SIGKILL', stderrTail: 'last\nwords' } as const;

test.each([
  new CodexError('m', { kind: 'protocol', cause: new Error('inner') }),
  new TransportClosedError('m'),
  new EngineExitError('m', exit),
])('each caller of a connection that is gone has an error of his own: %s', (cause) => {
  const [one, other] = [forCaller(cause, 'a/b'), forCaller(cause, 'c')];
  expect(one).not.toBe(other);
  expect(one.constructor).toBe(cause.constructor);
  expect([one, other]).toMatchObject([{ action: 'a/b' }, { action: 'c' }]);
  const { message, kind, retryable, cause: inner } = cause;
  expect(one).toMatchObject({ message, kind, retryable });
  expect(one.cause).toBe(inner);
  expect('cause' in one).toBe('cause' in cause);
});

test('how the engine ended is said to each', () => {
  const error = forCaller(new EngineExitError('m', exit), 'a');
  expect(error).toMatchObject({ ...exit, retryable: true, reason: expect.stringContaining('killed') });
});

test('an error from elsewhere goes to everyone as it is', () => {
  const cause = new TypeError('m');
  expect(forCaller(cause, 'a')).toBe(cause);
});
