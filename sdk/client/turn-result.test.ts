import { expect, test } from 'vitest';
import { TurnDenials } from '../approvals/denials.ts';
import type { ApprovalDenial } from '../approvals/options.ts';
import { CodexError } from '../errors/codex-error.ts';
import type { ThreadItem, Turn, TurnError } from '../protocol/index.ts';
import type { Notification } from '../rpc/notification.ts';
import {
  ApprovalDeniedError,
  AuthError,
  collectTurnResult,
  finalResponse,
  TurnFailedError,
  type TurnResult,
  turnFailure,
} from './turn-result.ts';

const usage = (totalTokens: number) => {
  const breakdown = { totalTokens, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0 };
  return { last: breakdown, total: breakdown };
};
const message = (text: string, phase?: string | null) =>
  ({ type: 'agentMessage', id: text, text, ...(phase === undefined ? {} : { phase }) }) as ThreadItem;

/** An event as it comes off the wire; payloads may be broken on purpose. */
const event = (method: string, payload: object) => ({ method, payload, known: true }) as unknown as Notification;
const item = (thing: unknown, turnId = 't') => event('item/completed', { threadId: 'th', turnId, item: thing });
const used = (tokens: number, turnId = 't') =>
  event('thread/tokenUsage/updated', { threadId: 'th', turnId, tokenUsage: usage(tokens) });
const done = (turn: Partial<Turn>, id = 't') =>
  event('turn/completed', { threadId: 'th', turn: { id, items: [message('not used')], status: 'completed', ...turn } });

async function* stream(events: Notification[]) {
  yield* events;
}
const collect = (...events: Notification[]) => collectTurnResult(stream(events), 't');

test('items, the last usage before the end, and the times', async () => {
  const unknown = { type: 'ofALaterEngine', id: 'x' };
  const result = await collect(
    used(1),
    event('item/started', { turnId: 't', item: message('started') }),
    item(unknown),
    item(message('other turn'), 'other'),
    item('broken'),
    item(message('answer')),
    used(2),
    used(9, 'other'),
    done({ startedAt: 1, completedAt: 3, durationMs: 2000 }),
  );
  expect(result).toEqual({
    id: 't',
    status: 'completed',
    error: null,
    startedAt: 1,
    completedAt: 3,
    durationMs: 2000,
    finalResponse: 'answer',
    items: [unknown, message('answer')],
    usage: usage(2),
    turnUsage: null,
    denials: [],
  });
});

test('an interrupted turn is a result', async () => {
  expect(await collect(done({ status: 'interrupted' }))).toMatchObject({
    status: 'interrupted',
    items: [],
    usage: null,
  });
});

test.each([
  [{ message: 'out of luck' }, 'out of luck'],
  [{ message: '' }, 'turn failed with status failed'],
  [null, 'turn failed with status failed'],
])('a failed turn with the error %j throws', async (error, text) => {
  await expect(collect(item(message('so far')), done({ status: 'failed', error }))).rejects.toMatchObject({
    name: 'TurnFailedError',
    message: text,
    result: { status: 'failed', error, finalResponse: 'so far' },
  });
});

test.each([
  ['expired', { message: 'out of time' }, 'out of time'],
  ['expired', null, undefined],
  ['interrupted', { message: 'stopped' }, undefined],
])('of the status %s with the error %j, a word of a later engine fails by its error', async (status, error, text) => {
  const result = collect(done({ status, error }));
  if (text === undefined) await expect(result).resolves.toMatchObject({ status, error });
  else
    await expect(result).rejects.toMatchObject({ name: 'TurnFailedError', message: text, result: { status, error } });
});

test.each([
  [[]],
  [[done({}, 'other')]],
  [[event('turn/completed', { turn: { id: 't' } })]],
  [[event('turn/completed', {})]],
])('without a readable end (%j) there is no result', async (events) => {
  await expect(collect(...events)).rejects.toThrow('turn completed event not received');
});

test.each([
  [[message('a'), message('b')], 'b'],
  [[message('a'), message('', null)], ''],
  [[message('final', 'final_answer'), message('later'), message('aside', 'commentary')], 'final'],
  [[message('a', 'final_answer'), message('b', 'final_answer')], 'b'],
  [[message('a'), message('aside', 'commentary'), message('new', 'a_later_phase')], 'a'],
  [[message('aside', 'commentary')], null],
  [[], null],
])('of %j the final response is %j', (items, text) => {
  expect(finalResponse(items)).toBe(text);
});

const failed = (codexErrorInfo?: unknown): TurnResult => ({
  output: undefined,
  id: 't',
  status: 'failed',
  error: {
    message: 'no',
    ...(codexErrorInfo === undefined
      ? {}
      : { codexErrorInfo: codexErrorInfo as NonNullable<TurnError['codexErrorInfo']> }),
  },
  startedAt: null,
  completedAt: null,
  durationMs: null,
  finalResponse: null,
  items: [],
  usage: null,
  turnUsage: null,
  denials: [],
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
  // Words of later engines: what they are made of tells, and the status where there is one.
  ['policyCapacityUnavailable', TurnFailedError, true],
  ['modelNotFound', TurnFailedError, false],
  ['bioPolicy', TurnFailedError, false],
  ['model_overloaded', TurnFailedError, true],
  ['upstreamTimedOut', TurnFailedError, true],
  [{ gatewayRefused: { httpStatusCode: 503 } }, TurnFailedError, true],
  [{ gatewayRefused: { httpStatusCode: 403 } }, TurnFailedError, false],
  [{ gatewayRefused: { httpStatusCode: 401 } }, AuthError, false],
  [{ rateLimitOfTomorrow: { httpStatusCode: 400 } }, TurnFailedError, false],
  ['unauthenticated', AuthError, false],
  [null, TurnFailedError, false],
  [undefined, TurnFailedError, false],
])('a turn that failed with %j', (info, expected, retryable) => {
  const error = turnFailure(failed(info));
  expect(error.constructor).toBe(expected);
  expect(error).toBeInstanceOf(TurnFailedError);
  expect(error).toBeInstanceOf(CodexError);
  expect(error).toMatchObject({ message: 'no', action: 'turn t', retryable, name: expected.name });
});

test.each([
  ...[407, 409, 428, 430, 499].map((status) => [status, false] as const),
  ...[408, 429, 500, 501, 599].map((status) => [status, true] as const),
])('of a word that nobody knows, the status %d passes: %s', (httpStatusCode, retryable) => {
  expect(turnFailure(failed({ brandNew: { httpStatusCode } }))).toMatchObject({ retryable });
});

test.each([
  [399, true],
  [400, false],
])('a word that passes counts up to a status below 400: %d', (httpStatusCode, retryable) => {
  expect(turnFailure(failed({ serverOverloaded: { httpStatusCode } }))).toMatchObject({ retryable });
});

test('what is 0 or empty is told as it is, and what is not there is null', async () => {
  const told = { startedAt: 0, completedAt: 0, durationMs: 0 };
  expect(await collect(done(told))).toMatchObject(told);
  expect(await collect(done({}))).toMatchObject({ startedAt: null, completedAt: null, durationMs: null, error: null });
});

const denial = (given: Partial<ApprovalDenial>): ApprovalDenial => ({
  ...{ kind: 'command', decision: 'decline', threadId: 'th', turnId: 't', itemId: 'a', item: null },
  ...{ reviewer: 'user', decidedBy: 'safe answer', reason: null, ...given },
});

function denied(...all: [denial: ApprovalDenial, throws: boolean][]): TurnDenials {
  const denials = new TurnDenials();
  for (const [one, throws] of all) denials.add(one, throws);
  return denials;
}

test('what was refused is in the result, with the item as it ended, and the first that throws makes it an error', async () => {
  const [ended, other] = [message('a'), message('b')];
  const all = denied(
    [denial({ itemId: 'b' }), false],
    [denial({}), true],
    [denial({ itemId: 'c', kind: 'mcpTool' }), true],
  );
  const error = await collectTurnResult(stream([item(ended), item(other), done({})]), 't', all).catch((one) => one);
  expect(error).toBeInstanceOf(ApprovalDeniedError);
  expect(error).toMatchObject({
    ...{ kind: 'approval-denied', action: 'turn t', retryable: false, name: 'ApprovalDeniedError' },
    ...{ message: 'a command was refused by safe answer', decision: 'decline', item: ended },
    denial: denial({ item: ended }),
  });
  expect(error.result.denials.map((one: ApprovalDenial) => one.item)).toEqual([other, ended, null]);
});

test('one that does not throw leaves the result as it is', async () => {
  const all = denied([denial({ itemId: 'elsewhere', item: message('begun') }), false]);
  const result = await collectTurnResult(stream([item(message('a')), done({})]), 't', all);
  expect(result.denials).toEqual([denial({ itemId: 'elsewhere', item: message('begun') })]);
});

test('a failure comes before a refusal, which its result has', async () => {
  const failure = collectTurnResult(stream([done({ status: 'failed' })]), 't', denied([denial({}), true]));
  await expect(failure).rejects.toMatchObject({
    name: 'TurnFailedError',
    kind: 'turn-failed',
    result: { denials: [denial({})] },
  });
});

test.each([
  ['command', 'a command'],
  ['fileChange', 'a change of files'],
  ['permissions', 'more permissions'],
  ['mcpTool', 'a tool'],
] as const)('a refused %s is named, with who decided and why', (kind, name) => {
  const error = new ApprovalDeniedError(denial({ kind, decidedBy: 'auto_review', reason: 'too far' }), failed());
  expect(error.message).toBe(`${name} was refused by auto_review: too far`);
});

test.each([
  ['failed', 'turn-failed', null],
  ['failed', 'auth', { message: 'no', codexErrorInfo: 'unauthorized' }],
] as const)('a turn that ended as %s is of the kind %s', async (status, kind, error) => {
  await expect(collect(done({ status, error: error as TurnError | null }))).rejects.toMatchObject({ kind });
});

test('without a readable end, the error says of which turn', async () => {
  await expect(collect()).rejects.toMatchObject({ kind: 'protocol', action: 'turn t' });
});
