import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import { SubAgents } from '../rpc/sub-agents.ts';
import { SessionTelemetry } from '../telemetry/session-telemetry.ts';
import { decisionOf, decisionResult } from './decisions.ts';
import { TurnDenials } from './denials.ts';
import { asked } from './handlers.ts';
import type { ApprovalRecord } from './options.ts';
import { approvalHandlers, assertOneReviewer } from './options.ts';
import { elicitationResult } from './other-requests.ts';
import { RequestBroker } from './request-broker.ts';
import { approvalRequest } from './requests.ts';

afterEach(() => void vi.useRealTimers());

const ids = { threadId: 'th', turnId: 't', itemId: 'i' };
const approval = (kind: string, params: object = {}, id: unknown = 7) =>
  ({ id, method: `item/${kind}/requestApproval`, params: { ...ids, command: 'ls', ...params } }) as never;
const command = (params: object = {}, id: unknown = 7) => approval('commandExecution', params, id);
const elicitation = (meta: object | null, params: object = {}) =>
  ({
    id: 7,
    method: 'mcpServer/elicitation/request',
    params: { threadId: 'th', turnId: 't', serverName: 'notes', mode: 'form', message: 'm', _meta: meta, ...params },
  }) as never;

/** A broker, and what it does besides answering. */
function broker(config: Partial<CodexConfig> & { leaveToOthers?: boolean } = {}) {
  const interrupted: string[][] = [];
  const records: ApprovalRecord[] = [];
  const gone = new AbortController();
  const own = new RequestBroker(
    { onDecision: (record: ApprovalRecord) => void records.push(record), ...config } as never,
    (...turn) => void interrupted.push(turn),
    new SubAgents(),
    new SessionTelemetry({ of: () => undefined } as never, false),
  );
  const ask = async (request: never) => await own.onServerRequest(request, { signal: gone.signal });
  const denied = (id = 't') => own.denialsOf(id).list([]);
  return { own, ask, records, interrupted, gone, denied };
}

test.each([
  ['onUserInput', 'item/tool/requestUserInput', { questions: [{ id: 'q' }] }, { q: 'yes' }],
  ['onElicitation', 'mcpServer/elicitation/request', { mode: 'form', _meta: null }, { action: 'accept' }],
  ['onPermissions', 'item/permissions/requestApproval', { permissions: {} }, { permissions: {} }],
] as const)('%s of a thread goes before that of the client', async (option, method, params, answer) => {
  const client = vi.fn(() => answer);
  const thread = vi.fn(() => answer);
  const { own, ask } = broker({ [option]: client });
  own.setThread('th', { [option]: thread });
  await ask({ id: 1, method, params: { ...ids, ...params } } as never);
  expect([thread.mock.calls.length, client.mock.calls.length]).toEqual([1, 0]);
  await ask({ id: 1, method, params: { ...ids, threadId: 'other', ...params } } as never);
  expect([thread.mock.calls.length, client.mock.calls.length]).toEqual([1, 1]);
});

test('onDecision of a thread hears its decisions; the client’s hears the others', async () => {
  const thread: ApprovalRecord[] = [];
  const { own, ask, records } = broker({ approvals: () => 'accept' });
  own.setThread('th', { onDecision: (record) => void thread.push(record) });
  await ask(command());
  expect([thread.length, records.length]).toEqual([1, 0]);
  await ask(command({ threadId: 'other' }));
  expect([thread.length, records.length]).toEqual([1, 1]);
});

test('a thread that the engine has closed has no options of its own any more, and neither has any once the engine is gone', async () => {
  for (const end of ['closed', 'gone']) {
    const { own, ask } = broker({ approvals: () => 'decline' });
    own.setThread('th', { approvals: () => 'accept' });
    own.see('thread/closed', { threadId: 'other' });
    expect(await ask(command())).toEqual({ decision: 'accept' });
    if (end === 'closed') own.see('thread/closed', { threadId: 'th' });
    else own.fail();
    expect(await ask(command()), end).toEqual({ decision: 'decline' });
  }
});

test('who reviews is learnt for the thread that the settings are of', () => {
  const { own } = broker();
  own.see('thread/settings/updated', { threadId: 'th', threadSettings: { approvalsReviewer: 'user' } });
  own.see('thread/settings/updated', { threadId: 'other', threadSettings: { approvalsReviewer: 7 } } as never);
  expect(['th', 'other', 'undefined'].map((id) => own.reviewerOf(id))).toEqual(['user', undefined, undefined]);
});

test('an item that waits is known until it ends, its turn ends, or the engine is gone', async () => {
  const change = { type: 'fileChange', id: 'i', changes: [] };
  const seen: unknown[] = [];
  for (const end of ['item', 'turn', 'engine']) {
    const { own, ask } = broker({
      approvals: ({ item }) => {
        seen.push(item);
        return 'accept';
      },
    });
    own.see('item/started', { threadId: 'th', turnId: 't', item: change } as never);
    await ask(approval('fileChange'));
    if (end === 'item') own.see('item/completed', { threadId: 'th', turnId: 't', item: change } as never);
    else if (end === 'turn') own.see('turn/completed', { threadId: 'th', turn: { id: 't' } });
    else own.fail();
    await ask(approval('fileChange'));
    expect(seen.splice(0), end).toEqual([change, null]);
  }
});

test.each([
  ['applyPatch', 'fileChange'],
  ['mcpToolCall', 'mcpTool'],
  ['requestPermissions', 'permissions'],
  ['command', 'command'],
  ['of a later engine', 'command'],
  [undefined, 'command'],
])('a review that has refused %s is of the kind %s, with its item and who has reviewed', (type, kind) => {
  const { own, denied } = broker();
  const item = { type: 'commandExecution', id: 'i' };
  own.see('item/started', { threadId: 'th', turnId: 't', item } as never);
  const review = { threadId: 'th', turnId: 't', review: { status: 'denied' }, action: { type } };
  own.see('item/autoApprovalReview/completed', { ...review, targetItemId: 'i' } as never);
  own.learn('th', { approvalsReviewer: 'guardian' });
  own.see('item/autoApprovalReview/completed', { ...review, targetItemId: null } as never);
  const of = { kind, decision: 'decline', threadId: 'th', turnId: 't', reason: null };
  expect(denied()).toEqual([
    { ...of, itemId: 'i', item, reviewer: 'auto_review', decidedBy: 'auto_review' },
    { ...of, itemId: null, item: null, reviewer: 'guardian', decidedBy: 'guardian' },
  ]);
});

test('a review that names no turn is of none', () => {
  const { own } = broker();
  const all = own.freshDenialsOf('th');
  own.see('item/autoApprovalReview/completed', { threadId: 'th', review: { status: 'denied' } } as never);
  expect(all.list([])).toMatchObject([{ turnId: null, itemId: null }]);
  // What is refused after the goal is not the goal's; another goal's stays.
  own.forgetDenials('th', new TurnDenials());
  own.see('item/autoApprovalReview/completed', { threadId: 'th', review: { status: 'denied' } } as never);
  own.forgetDenials('th', all);
  own.see('item/autoApprovalReview/completed', { threadId: 'th', review: { status: 'denied' } } as never);
  expect(all.list([])).toHaveLength(2);
});

test.each([
  [new TypeError('it is broken'), 'it is broken'],
  ['a text', 'a text'],
  [undefined, null],
])('a handler that fails with %s: that is the reason of the refusal', async (failure, reason) => {
  const { ask, records, denied } = broker({
    approvals: function mine() {
      throw failure;
    },
  });
  await ask(command()).catch(() => {});
  expect(denied()).toMatchObject([{ decision: 'decline', decidedBy: 'mine', reason, reviewer: 'user' }]);
  expect(records).toMatchObject([{ decision: 'decline', decidedBy: 'mine', error: failure }]);
});

test.each([
  ['command', 'cancel', 0],
  ['fileChange', 'cancel', 0],
  ['command', 'decline', 1],
  ['fileChange', 'decline', 1],
  ['permissions', 'decline', 1],
  ['mcpTool', 'cancel', 1],
  ['mcpTool', 'decline', 1],
] as const)(
  'onDenial throw: a %s that is answered with %s has the turn interrupted %i times',
  async (kind, decision, times) => {
    const { ask, interrupted } = broker({ approvals: () => decision, onDenial: 'throw' });
    const requests = {
      command: command(),
      fileChange: approval('fileChange'),
      permissions: approval('permissions', { permissions: {} }),
      mcpTool: elicitation({ codex_approval_kind: 'mcp_tool_call' }),
    };
    for (let time = 0; time < 2; time += 1) await ask(requests[kind]);
    expect(interrupted).toEqual(Array.from({ length: times }, () => ['th', 't']));
  },
);

test.each([true, false])('what nobody answers is left to another client, or declined: %s', async (leaveToOthers) => {
  const { ask, records, denied } = broker({ leaveToOthers });
  expect(await ask(command())).toBeUndefined();
  expect(records).toMatchObject([
    leaveToOthers ? { decision: null, decidedBy: 'another client' } : { decision: 'decline', decidedBy: 'safe answer' },
  ]);
  expect(denied()).toHaveLength(leaveToOthers ? 0 : 1);
});

test('how long a decision took is measured by a clock that is never set', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  vi.setSystemTime(5_000_000);
  const { ask, records } = broker({
    approvals: () => {
      vi.advanceTimersByTime(40);
      vi.setSystemTime(1_000_000);
      return 'accept';
    },
  });
  await ask(command());
  expect(records).toMatchObject([{ askedAt: 5_000_000, durationMs: 40 }]);
});

test('what has been answered is not waited for any more: no listener stays, and its end is nothing to it', async () => {
  const signals: AbortSignal[] = [];
  const { own, ask, gone, records } = broker({
    approvals: (_, { signal }) => {
      signals.push(signal);
      return 'accept';
    },
  });
  await ask(command());
  expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
  own.see('serverRequest/resolved', { threadId: 'th', requestId: 7 });
  own.see('turn/completed', { threadId: 'th', turn: { id: 't' } });
  gone.abort(new Error('gone'));
  expect([signals[0]?.aborted, records.length]).toEqual([false, 1]);
});

test('a connection that is gone before its request is asked about: the handler hears why, at once', async () => {
  const reasons: unknown[] = [];
  const { ask, gone, records } = broker({
    approvals: (_, { signal }) => {
      reasons.push(signal.reason);
      return 'accept';
    },
  });
  const reason = new Error('gone');
  gone.abort(reason);
  await ask(command());
  expect(reasons).toEqual([reason]);
  expect(records).toMatchObject([{ decision: null, decidedBy: 'engine' }]);
});

test('a handler hears why its answer is not needed any more', async () => {
  const signals: AbortSignal[] = [];
  const { own, ask, gone } = broker({
    approvals: (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  for (const [id, turnId] of [
    ['a', 't'],
    ['b', 't2'],
    ['c', 't3'],
    ['a', 't4'],
  ])
    void ask(command({ turnId }, id)).catch(() => {});
  await new Promise(setImmediate);
  // The newest of one id is meant.
  own.see('serverRequest/resolved', { threadId: 'th', requestId: 'a' });
  own.see('turn/completed', { threadId: 'th', turn: { id: 't2' } });
  const reason = new Error('gone');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false, true]);
  gone.abort(reason);
  const waiting = (message: string) => ({ name: 'AbortError', cause: { message } });
  expect(signals[3]?.reason).toMatchObject(waiting('the engine has resolved the request itself'));
  expect(signals[1]?.reason).toMatchObject(waiting('the turn is over'));
  expect([signals[0]?.reason, signals[2]?.reason]).toEqual([reason, reason]);
});

test('a handler whose time is over hears so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  let signal: AbortSignal | undefined;
  const handler = (_: unknown, context: { signal: AbortSignal }) => {
    signal = context.signal;
    return new Promise<never>(() => {});
  };
  const { ask } = broker({ approvals: { handler, timeoutMs: 30 } });
  const ended = expect(ask(command())).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.advanceTimersByTimeAsync(30);
  await ended;
  expect(signal?.reason).toMatchObject({ name: 'TimeoutError' });
  const quick = broker({ approvals: { handler: () => 'accept', timeoutMs: 30 } });
  await quick.ask(command());
  expect(vi.getTimerCount()).toBe(0);
});

test('denials from before its handle are those of the turn, once; after the end nothing is kept', async () => {
  const { own, ask, denied } = broker({ approvals: () => 'decline' });
  await ask(command());
  own.see('turn/completed', { threadId: 'th', turn: { id: 't' } });
  expect(denied()).toHaveLength(1);
  expect(denied()).toHaveLength(0);
  const claimed = own.denialsOf('t2');
  await ask(command({ turnId: 't2' }));
  own.see('turn/completed', { threadId: 'th', turn: { id: 't2' } });
  await ask(command({ turnId: 't2' }));
  expect(claimed.list([])).toHaveLength(1);
  own.fail();
  const late = own.denialsOf('t3');
  await ask(command({ turnId: 't3' }));
  expect(late.list([])).toEqual([]);
});

test('of several refusals, the first that throws is the error; each has its item as it ended', () => {
  const denials = new TurnDenials();
  const denial = (itemId: string) => ({ itemId, item: { id: itemId, status: 'inProgress' } }) as never;
  denials.add(denial('a'), false);
  denials.add(denial('b'), true);
  denials.add(denial('c'), true);
  const ended = [{ id: 'b', status: 'declined' }] as never;
  expect(denials.thrown(ended)).toMatchObject({ itemId: 'b', item: { status: 'declined' } });
  expect(denials.thrown([])).toMatchObject({ itemId: 'b', item: { status: 'inProgress' } });
});

test.each([
  [() => {}, 'option'],
  [function mine() {}, 'mine'],
  [{ handler: () => {} }, 'option'],
  [{ handler: function mine() {} }, 'mine'],
])('a handler %s is called %s', (given, name) => expect(asked('option', given as never).name).toBe(name));

test('each handler has its place as a name, its kind before the one for all, and its time', () => {
  const command = () => 'accept' as const;
  const all = function all() {
    return 'decline' as const;
  };
  const [first, second] = approvalHandlers([{ command, handler: all, timeoutMs: 5 }, () => undefined], 'command');
  expect(first).toMatchObject({ name: 'command', handler: command, timeoutMs: 5 });
  expect(second).toMatchObject({ name: 'approvals[1]', timeoutMs: 0 });
  expect(approvalHandlers({ command, handler: all }, 'fileChange')).toMatchObject([{ name: 'all' }]);
  expect(approvalHandlers(() => undefined, 'command')).toMatchObject([{ name: 'approvals' }]);
});

test.each([
  [{ approvals: 1, approvalMode: null, approvalsReviewer: 'user' }, 'approvalsReviewer'],
  [{ approvals: 1, approvalMode: 'x', approvalsReviewer: 'user' }, 'approvalMode'],
  [{ approvals: 1, approvalMode: null, approvalsReviewer: null }, undefined],
  [{ approvalMode: 'x' }, undefined],
])('%j: two ways to say who approves', (options, other) => {
  const read = () => assertOneReviewer('Thread.run', options);
  if (other === undefined) expect(read).not.toThrow();
  else expect(read).toThrow(`expected approvals or ${other}, got both`);
});

test('a decision is sent as the protocol has it, and no more', () => {
  const request = (kind: string) => ({ kind, permissions: { network: {} } }) as never;
  const rule = ['git', 'push'];
  const sent = decisionResult(request('command'), { acceptWithExecpolicyAmendment: rule });
  rule.push('--force');
  expect(sent).toEqual({ decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['git', 'push'] } } });
  const amendment = { host: 'a.invalid', action: 'deny', more: 1 };
  expect(decisionResult(request('command'), { applyNetworkPolicyAmendment: amendment })).toEqual({
    decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host: 'a.invalid', action: 'deny' } } },
  });
  expect(decisionResult(request('permissions'), { grant: { network: {} } })).toMatchObject({ scope: 'turn' });
  expect(() => decisionResult(request('permissions'), { grant: {}, more: 1 })).toThrow(TypeError);
  expect(decisionOf('permissions', { permissions: { network: {} }, scope: 'session' })).toEqual({
    ...{ grant: { network: {} }, scope: 'session' },
  });
  expect(decisionOf('permissions', { permissions: { network: {} } })).toMatchObject({ scope: 'turn' });
});

test('a rule that denies a host is a denial', async () => {
  for (const [action, count] of [
    ['deny', 1],
    ['allow', 0],
  ] as const) {
    const { ask, denied } = broker({
      approvals: () => ({ applyNetworkPolicyAmendment: { host: 'a.invalid', action } }),
    });
    await ask(command());
    expect(denied()).toHaveLength(count);
  }
});

test('a form has its content, an empty one if it is accepted without; what is no answer is refused', () => {
  expect(elicitationResult({ action: 'accept' })).toEqual({ action: 'accept', content: {}, _meta: null });
  expect(elicitationResult({ action: 'accept', content: null })).toMatchObject({ content: {} });
  expect(elicitationResult({ action: 'cancel' })).toEqual({ action: 'cancel', content: null, _meta: null });
  expect(() => elicitationResult({ action: 'accept', contents: {} })).toThrow(TypeError);
});

const toolCall = (id: string, tool: string, server = 'notes') => ({
  ...{ type: 'mcpToolCall', id, server, tool, arguments: { of: id } },
});

test.each([
  [{ tool_name: 'write', tool_params: { text: 'hi' }, tool_description: 'Writes.' }, 'w2', 'write', { text: 'hi' }],
  [{ tool_name: 'write' }, 'w2', 'write', { of: 'w2' }],
  // Older engines name the tool in the item alone: the newest of that server.
  [{}, 'r', 'read', { of: 'r' }],
  [{ tool_name: 'other' }, null, 'other', null],
])('a tool with %j is the call %s', async (meta, itemId, tool, given) => {
  const seen: unknown[] = [];
  const { own, ask } = broker({
    approvals: (request) => {
      seen.push(request);
      return 'accept';
    },
  });
  for (const item of [
    toolCall('w1', 'write'),
    toolCall('w2', 'write'),
    toolCall('r', 'read'),
    toolCall('x', 'write', 'elsewhere'),
  ])
    own.see('item/started', { threadId: 'th', turnId: 't', item } as never);
  await ask(elicitation({ codex_approval_kind: 'mcp_tool_call', ...meta }));
  expect(seen).toMatchObject([
    {
      ...{ itemId, tool, arguments: given, server: 'notes' },
      description: 'tool_description' in meta ? 'Writes.' : null,
      summary: `notes.${tool} ${JSON.stringify(given)}`,
    },
  ]);
});

test('what is asked for is summed up: the host with its protocol, and the folder to write to', () => {
  const nothing = { byId: () => undefined, toolCall: () => undefined };
  const summary = (request: never) => approvalRequest(request, nothing)?.summary;
  expect(summary(command({ networkApprovalContext: { host: 'a.invalid', protocol: 'https' } }))).toBe(
    'ls → https://a.invalid',
  );
  expect(summary(approval('fileChange', { grantRoot: '/w' }))).toBe(
    'a change of files that this client has not seen\nwrite access to /w',
  );
});
