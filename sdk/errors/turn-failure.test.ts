import { expect, test } from 'vitest';
import type { TurnResult } from '../client/turn-result.ts';
import type { TurnError } from '../protocol/index.ts';
import { AuthError, CodexError, TurnFailedError } from './index.ts';
import { turnFailure } from './turn-failure.ts';

const failed = (codexErrorInfo?: TurnError['codexErrorInfo']): TurnResult => ({
  id: 't',
  status: 'failed',
  error: { message: 'no', ...(codexErrorInfo === undefined ? {} : { codexErrorInfo }) },
  startedAt: null,
  completedAt: null,
  durationMs: null,
  finalResponse: null,
  items: [],
  usage: null,
});

test.each([
  ['unauthorized', AuthError, false],
  [{ httpConnectionFailed: { httpStatusCode: 401 } }, AuthError, false],
  [{ responseStreamConnectionFailed: { httpStatusCode: 401 } }, AuthError, false],
  [{ httpConnectionFailed: { httpStatusCode: 404 } }, TurnFailedError, false],
  [{ httpConnectionFailed: { httpStatusCode: 502 } }, TurnFailedError, true],
  [{ httpConnectionFailed: { httpStatusCode: null } }, TurnFailedError, true],
  [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, TurnFailedError, true],
  ['serverOverloaded', TurnFailedError, true],
  ['contextWindowExceeded', TurnFailedError, false],
  ['brand new', TurnFailedError, false],
  [null, TurnFailedError, false],
  [undefined, TurnFailedError, false],
])('a turn that failed with %j', (info, expected, retryable) => {
  const error = turnFailure(failed(info));
  expect(error.constructor).toBe(expected);
  expect(error).toBeInstanceOf(TurnFailedError);
  expect(error).toBeInstanceOf(CodexError);
  expect(error).toMatchObject({ message: 'no', action: 'turn t', retryable, name: expected.name });
});
