import { expect, test } from 'vitest';
import { ApprovalMode } from './approval-mode.ts';
import { Sandbox } from './sandbox.ts';
import { threadForkParams, threadListParams, threadResumeParams, threadStartParams } from './thread-options.ts';
import { turnStartParams } from './turn-options.ts';

const shared = { baseInstructions: 'b', config: { a: null }, cwd: '/c', developerInstructions: 'd' };
const model = { model: 'm', modelProvider: 'p', serviceTier: 's' };

test('what is unset is absent, in every call', () => {
  const autoReview = { approvalPolicy: 'on-request', approvalsReviewer: 'auto_review' };
  expect(threadStartParams({ cwd: null, model: undefined }, false)).toEqual(autoReview);
  expect(threadResumeParams('t', { approvalMode: null }, false)).toEqual({ threadId: 't' });
  expect(threadForkParams('t', {}, false)).toEqual({ threadId: 't' });
  expect(threadListParams({ cursor: null, signal: undefined, timeoutMs: 5 })).toEqual({});
  expect(turnStartParams('t', 'hi', { model: null })).toEqual({ threadId: 't', input: [{ type: 'text', text: 'hi' }] });
});

test('every option has its place on the wire, nulls inside values are kept', () => {
  const start = {
    ephemeral: false,
    personality: 'none',
    serviceName: 'n',
    sessionStartSource: 'clear',
    threadSource: 'x',
  };
  expect(
    threadStartParams(
      {
        ...shared,
        ...model,
        ...start,
        approvalMode: ApprovalMode.denyAll,
        sandbox: Sandbox.fullAccess,
      },
      false,
    ),
  ).toEqual({ ...shared, ...model, ...start, approvalPolicy: 'never', sandbox: 'danger-full-access' });
  expect(
    threadForkParams('t', { ...shared, ...model, ephemeral: true, threadSource: 'x', includeTurns: true }, false),
  ).toEqual({
    ...{ ...shared, ...model, ephemeral: true, threadSource: 'x' },
    ...{ threadId: 't', excludeTurns: false },
  });
  expect(
    threadResumeParams('t', { sandbox: Sandbox.readOnly, includeTurns: false, personality: 'friendly' }, false),
  ).toEqual({
    ...{ threadId: 't', sandbox: 'read-only', excludeTurns: true, personality: 'friendly' },
  });
  const filters = { archived: false, cwd: ['/a'], searchTerm: 's', sectionId: 'x', useStateDbOnly: false, limit: 0 };
  expect(threadListParams(filters)).toEqual(filters);
  const turn = { cwd: '/c', effort: 'unheard of', model: 'm', personality: 'none', serviceTier: 's', summary: 'auto' };
  const outputSchema = { default: null, enum: [null, 1], const: null };
  expect(
    turnStartParams('t', 'hi', {
      ...{ ...turn, outputSchema, source: 'cron', turnServiceTier: 'fast' },
      ...{ approvalMode: ApprovalMode.autoReview, sandbox: Sandbox.fullAccess },
    }),
  ).toEqual({
    ...{ ...turn, outputSchema, turnTrigger: 'cron', serviceTierForTurn: 'fast', threadId: 't' },
    ...{ approvalPolicy: 'on-request', approvalsReviewer: 'auto_review', sandboxPolicy: { type: 'dangerFullAccess' } },
    input: [{ type: 'text', text: 'hi' }],
  });
});

test('a turn replaces the whole sandbox policy', () => {
  expect(turnStartParams('t', 'hi', { sandbox: Sandbox.readOnly })).toMatchObject({
    sandboxPolicy: { type: 'readOnly', networkAccess: false },
  });
  expect(turnStartParams('t', 'hi', { sandbox: Sandbox.workspaceWrite })).toMatchObject({
    sandboxPolicy: {
      ...{ type: 'workspaceWrite', networkAccess: false, writableRoots: [] },
      ...{ excludeSlashTmp: false, excludeTmpdirEnvVar: false },
    },
  });
});

test.each(['allow_all', 'constructor', 5, null])('the approval mode %j is refused', (mode) => {
  const refusal = new RangeError('approvalMode must be one of: deny_all, auto_review');
  expect(() => threadStartParams({ approvalMode: mode as never }, false)).toThrow(refusal);
  if (mode !== null) expect(() => turnStartParams('t', 'hi', { approvalMode: mode as never })).toThrow(refusal);
});

test.each(['workspace', 'danger-full-access', 5])('the sandbox %j is refused', (sandbox) => {
  const refusal = new RangeError(
    'sandbox must be one of: Sandbox.readOnly, Sandbox.workspaceWrite, Sandbox.fullAccess',
  );
  expect(() => threadResumeParams('t', { sandbox: sandbox as never }, false)).toThrow(refusal);
  expect(() => turnStartParams('t', 'hi', { sandbox: sandbox as never })).toThrow(refusal);
});

const ask = () => undefined;

test('with approvals the user reviews, in every call; a new thread asks, another keeps its policy', () => {
  const user = { approvalsReviewer: 'user' };
  expect(threadStartParams({ approvals: ask }, false)).toEqual({ approvalPolicy: 'on-request', ...user });
  expect(threadResumeParams('t', { approvals: ask }, false)).toEqual({ threadId: 't', ...user });
  expect(threadForkParams('t', { approvals: [ask] }, false)).toEqual({ threadId: 't', ...user });
  expect(turnStartParams('t', 'hi', { approvals: [] })).toMatchObject(user);
});

test("a client's approvals hold for each of its threads, unless a mode is nearer", () => {
  const user = { approvalsReviewer: 'user' };
  expect(threadStartParams({}, true)).toEqual({ approvalPolicy: 'on-request', ...user });
  expect(threadResumeParams('t', { approvalMode: null }, true)).toEqual({ threadId: 't', ...user });
  expect(threadForkParams('t', {}, true)).toEqual({ threadId: 't', ...user });
  const { denyAll: approvalMode } = ApprovalMode;
  expect(threadStartParams({ approvalMode }, true)).toEqual({ approvalPolicy: 'never' });
  expect(threadResumeParams('t', { approvalMode }, true)).toEqual({ threadId: 't', approvalPolicy: 'never' });
  expect(threadForkParams('t', { approvalMode }, true)).toEqual({ threadId: 't', approvalPolicy: 'never' });
});

test('approvals together with a mode are refused: they say different things', () => {
  const both = { approvals: ask, approvalMode: ApprovalMode.autoReview };
  const refusal = 'expected approvals or approvalMode, got both. With approvals your program decides';
  expect(() => threadStartParams(both, false)).toThrow(TypeError);
  for (const given of [
    () => threadStartParams(both, false),
    () => threadResumeParams('t', both, false),
    () => threadForkParams('t', both, true),
    () => turnStartParams('t', 'hi', both),
  ])
    expect(given).toThrow(refusal);
});
