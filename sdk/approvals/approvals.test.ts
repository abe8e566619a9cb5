import { expect, test } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import type { Thread } from '../client/thread.ts';
import { ApprovalDeniedError } from '../client/turn-result.ts';
import { completed, connected, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine, WireMessage } from '../test-fixtures/memory-engine.ts';
import type { ApprovalRecord } from './options.ts';
import type { ApprovalRequest } from './requests.ts';

const ids = { threadId: 'th', turnId: 't', itemId: 'i' };
const command = {
  method: 'item/commandExecution/requestApproval',
  params: {
    ...ids,
    ...{ kind: 'command', command: "/bin/bash -lc 'git status'", cwd: '/w', reason: 'to see' },
    commandActions: [{ type: 'unknown', command: 'git status' }],
    proposedExecpolicyAmendment: ['git', 'status'],
  },
};
const fileChange = { method: 'item/fileChange/requestApproval', params: { ...ids, reason: null, grantRoot: null } };
const permissions = {
  method: 'item/permissions/requestApproval',
  params: { ...ids, cwd: '/w', permissions: { network: { enabled: true } }, reason: 'needs it' },
};
const meta = { codex_approval_kind: 'mcp_tool_call', tool_name: 'write', tool_params: { text: 'hi' } };
const mcpTool = {
  method: 'mcpServer/elicitation/request',
  params: { threadId: 'th', turnId: 't', serverName: 'notes', mode: 'form', message: 'Allow it?', _meta: meta },
};
const form = { ...mcpTool, params: { ...mcpTool.params, _meta: null, message: 'Your name?' } };
const question = {
  method: 'item/tool/requestUserInput',
  params: { ...ids, questions: [{ id: 'color', header: 'Colour', question: 'Which?' }] },
};
const tokens = { method: 'account/chatgptAuthTokens/refresh', params: { reason: 'unauthorized' } };
const change = { path: '/w/a.txt', kind: { type: 'add' }, diff: 'hello\nthere\n' };

/** Asks, and resolves to the client's answer. */
async function ask(engine: MemoryEngine, request: object, id: unknown = 7): Promise<WireMessage> {
  engine.send({ id, ...request });
  return await engine.next();
}

const resultOf = async (engine: MemoryEngine, request: object) => (await ask(engine, request)).result;

/** A client with a running turn. */
async function running(config: CodexConfig) {
  const { engine, codex, thread } = await withThread(config);
  const { handle } = await startTurn(engine, thread);
  return { engine, codex, thread, handle };
}

const declined = { decision: 'decline' };

test('each kind of request comes with all that is known of it', async () => {
  const seen: ApprovalRequest[] = [];
  const { engine, codex } = await running({ approvals: (request) => void seen.push(request) as undefined });
  engine.notify('item/started', {
    threadId: 'th',
    turnId: 't',
    item: { type: 'fileChange', id: 'i', changes: [change] },
  });
  for (const request of [command, fileChange, permissions, mcpTool]) await ask(engine, request);
  const item = { type: 'fileChange', id: 'i', changes: [change] };
  expect(seen).toEqual([
    {
      ...{ kind: 'command', ...ids, item, reason: 'to see', cwd: '/w', network: null, raw: command.params },
      ...{ command: "/bin/bash -lc 'git status'", summary: "/bin/bash -lc 'git status'", commandKind: 'command' },
      ...{ actions: command.params.commandActions, proposedExecpolicyAmendment: ['git', 'status'] },
      proposedNetworkPolicyAmendments: [],
    },
    {
      ...{ kind: 'fileChange', ...ids, item, reason: null, grantRoot: null, changes: [change], raw: fileChange.params },
      diff: '--- /dev/null\n+++ /w/a.txt\n@@ -0,0 +1,2 @@\n+hello\n+there\n',
      summary: '--- /dev/null\n+++ /w/a.txt\n@@ -0,0 +1,2 @@\n+hello\n+there\n',
    },
    {
      ...{ kind: 'permissions', ...ids, item, reason: 'needs it', cwd: '/w', raw: permissions.params },
      ...{ permissions: { network: { enabled: true } }, summary: '{"network":{"enabled":true}}' },
    },
    {
      ...{ kind: 'mcpTool', threadId: 'th', turnId: 't', itemId: null, item: null, reason: 'Allow it?' },
      ...{ server: 'notes', tool: 'write', arguments: { text: 'hi' }, description: null, raw: mcpTool.params },
      summary: 'notes.write {"text":"hi"}',
    },
  ]);
  await codex.close();
});

test('a change whose item was not seen has no diff, and says so', async () => {
  const seen: ApprovalRequest[] = [];
  const { engine, codex } = await running({ approvals: (request) => void seen.push(request) as undefined });
  expect(await resultOf(engine, fileChange)).toEqual(declined);
  expect(seen).toMatchObject([{ diff: null, changes: null, item: null, summary: expect.stringContaining('not seen') }]);
  await codex.close();
});

test.each([
  [command, 'accept', { decision: 'accept' }],
  [command, 'acceptForSession', { decision: 'acceptForSession' }],
  [command, 'decline', declined],
  [command, 'cancel', { decision: 'cancel' }],
  [
    command,
    { acceptWithExecpolicyAmendment: ['git', 'status'] },
    { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['git', 'status'] } } },
  ],
  [
    command,
    { applyNetworkPolicyAmendment: { host: 'a.invalid', action: 'deny' } },
    { decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host: 'a.invalid', action: 'deny' } } } },
  ],
  [fileChange, 'accept', { decision: 'accept' }],
  [fileChange, 'acceptForSession', { decision: 'acceptForSession' }],
  [fileChange, 'decline', declined],
  [fileChange, 'cancel', { decision: 'cancel' }],
  [permissions, 'accept', { permissions: { network: { enabled: true } }, scope: 'turn' }],
  [permissions, 'acceptForSession', { permissions: { network: { enabled: true } }, scope: 'session' }],
  [permissions, 'decline', { permissions: {}, scope: 'turn' }],
  [
    permissions,
    { grant: { network: { enabled: true } }, scope: 'session' },
    { permissions: { network: { enabled: true } }, scope: 'session' },
  ],
  [mcpTool, 'accept', { action: 'accept', content: {}, _meta: null }],
  [mcpTool, 'acceptForSession', { action: 'accept', content: {}, _meta: { persist: 'session' } }],
  [mcpTool, 'acceptAlways', { action: 'accept', content: {}, _meta: { persist: 'always' } }],
  [mcpTool, 'decline', { action: 'decline', content: null, _meta: null }],
  [mcpTool, 'cancel', { action: 'cancel', content: null, _meta: null }],
])('%j: the decision %j is told in the words of the protocol', async (request, decision, result) => {
  const { engine, codex } = await running({ approvals: async () => decision as 'accept' });
  expect(await resultOf(engine, request)).toEqual(result);
  await codex.close();
});

test.each([
  [command, 'acept'],
  [command, 'constructor'],
  [command, true],
  [command, null],
  [command, {}],
  [command, { decision: 'accept' }],
  [command, { acceptWithExecpolicyAmendment: [] }],
  [command, { acceptWithExecpolicyAmendment: [''] }],
  [command, { acceptWithExecpolicyAmendment: 'git' }],
  [command, { applyNetworkPolicyAmendment: { host: '', action: 'allow' } }],
  [command, { applyNetworkPolicyAmendment: { host: 'a', action: 'perhaps' } }],
  [command, { acceptWithExecpolicyAmendment: ['a'], applyNetworkPolicyAmendment: { host: 'a', action: 'deny' } }],
  [command, 'acceptAlways'],
  [fileChange, { acceptWithExecpolicyAmendment: ['git'] }],
  [fileChange, 'acceptAlways'],
  [permissions, 'cancel'],
  [permissions, { grant: null }],
  [permissions, { grant: {}, scope: 'for ever' }],
  [mcpTool, { action: 'accept' }],
])('%j: the answer %j is a TypeError for the program, and the safe answer for the engine', async (request, answer) => {
  const errors: unknown[] = [];
  const asked: string[] = [];
  const { engine, codex } = await running({
    approvals: [() => answer as never, () => void asked.push('the next') as undefined],
    onServerRequestError: (error) => void errors.push(error),
  });
  const safe = (await ask(engine, request)).result as Record<string, unknown>;
  expect([declined.decision, 'turn']).toContain(safe.decision ?? safe.action ?? safe.scope);
  expect(errors).toEqual([expect.any(TypeError)]);
  expect(String(errors[0])).toMatch(
    /^TypeError: Reading the answer to a request of the kind \w+: expected 'accept', .+ or undefined, got .+\.$/,
  );
  // What comes after a policy that failed might allow what that one would have refused.
  expect(asked).toEqual([]);
  await codex.close();
});

test('the first that answers decides; each may be for some kinds alone', async () => {
  const asked: string[] = [];
  const { engine, codex } = await running({
    approvals: [
      { command: () => void asked.push('command') as undefined, mcpTool: () => 'cancel' },
      {
        handler: ({ kind }) => {
          asked.push(`any: ${kind}`);
          return kind === 'command' ? 'accept' : undefined;
        },
        fileChange: () => 'accept',
      },
      async ({ kind }) => {
        asked.push(`last: ${kind}`);
        return 'decline' as const;
      },
    ],
  });
  expect(await resultOf(engine, command)).toEqual({ decision: 'accept' });
  expect(await resultOf(engine, fileChange)).toEqual({ decision: 'accept' });
  expect(await resultOf(engine, mcpTool)).toMatchObject({ action: 'cancel' });
  expect(await resultOf(engine, permissions)).toEqual({ permissions: {}, scope: 'turn' });
  expect(asked).toEqual(['command', 'any: command', 'any: permissions', 'last: permissions']);
  await codex.close();
});

test('the nearest approvals count: of the turn, which stay with the thread, of the thread, of the client', async () => {
  const asked: string[] = [];
  const by = (name: string) => () => void asked.push(name) as undefined;
  const { engine, codex } = await connected({ approvals: by('client') });
  const opening = codex.threadResume('th', { approvals: by('thread') });
  expect(await engine.answer({ thread: { id: 'th' } })).toMatchObject({ params: { approvalsReviewer: 'user' } });
  const thread = await opening;
  await startTurn(engine, thread);
  await ask(engine, command);
  await ask(engine, { ...command, params: { ...command.params, threadId: 'other' } });
  const turn = thread.turn('hi', { approvals: by('turn') });
  expect(await engine.answer({ turn: { id: 't2' } })).toMatchObject({ params: { approvalsReviewer: 'user' } });
  await turn;
  await ask(engine, command);
  const refused = thread.turn('hi', { approvals: by('refused') });
  await engine.refuse(-32600, 'no');
  await expect(refused).rejects.toThrow('no');
  await ask(engine, command);
  expect(asked).toEqual(['thread', 'client', 'turn', 'turn']);
  await codex.close();
});

test('a start that is refused takes back its own approvals, and not those of a later one', async () => {
  const { engine, codex, thread } = await withThread({ approvals: () => 'decline' });
  const refused = thread.turn('1', { approvals: () => 'cancel' });
  const starting = thread.turn('2', { approvals: () => 'accept' });
  const { id } = await engine.next();
  engine.send({ id, error: { code: -32600, message: 'no' } });
  await expect(refused).rejects.toThrow('no');
  await engine.answer({ turn: { id: 't' } });
  await starting;
  expect(await resultOf(engine, command)).toEqual({ decision: 'accept' });
  await codex.close();
});

test("a sub-agent's thread is decided on like the thread that it belongs to", async () => {
  const { engine, codex, thread } = await running({});
  const turn = thread.turn('hi', { approvals: () => 'accept' });
  await engine.answer({ turn: { id: 't' } });
  await turn;
  const deep = { ...command, params: { ...command.params, threadId: 'deep' } };
  expect(await resultOf(engine, deep)).toEqual(declined);
  const spawn = (receiver: string, threadId: string) =>
    engine.notify('item/completed', {
      threadId,
      turnId: 't',
      item: { type: 'collabAgentToolCall', id: 's', receiverThreadIds: [receiver] },
    });
  spawn('child', 'th');
  engine.notify('item/started', {
    threadId: 'child',
    turnId: 'c',
    item: { type: 'subAgentActivity', id: 'a', agentThreadId: 'deep' },
  });
  expect(await resultOf(engine, deep)).toEqual({ decision: 'accept' });
  await codex.close();
});

test.each([undefined, 'throw'] as const)(
  'what a sub-agent was refused stands in the result of the turn that it works for; onDenial: %s',
  async (onDenial) => {
    const { engine, codex, thread } = await running({});
    const starting = thread.turn('hi', { approvals: () => 'decline', onDenial });
    await engine.answer({ turn: { id: 'now' } });
    const turn = await starting;
    const spawn = (turnId: string, type: string) =>
      engine.notify('item/completed', {
        threadId: 'th',
        turnId,
        item: { type, id: 's', receiverThreadIds: ['child'], agentThreadId: 'child' },
      });
    // It has worked for an earlier turn, which is over.
    spawn('before', 'collabAgentToolCall');
    spawn('now', 'collabAgentToolCall');
    const ofChild = { ...command.params, threadId: 'child', turnId: 'c' };
    engine.send({ id: 7, ...command, params: ofChild });
    const sent = [await engine.next()];
    if (onDenial) sent.push(await engine.next(), await engine.next());
    const interrupts = [
      { method: 'turn/interrupt', params: { threadId: 'child', turnId: 'c' } },
      { method: 'turn/interrupt', params: { threadId: 'th', turnId: 'now' } },
    ];
    expect(sent).toMatchObject([...(onDenial ? interrupts : []), { id: 7, result: declined }]);
    const ended = turn.result().catch((error: unknown) => error);
    engine.send(completed('now', onDenial ? 'interrupted' : 'completed'));
    const denials = [{ kind: 'command', threadId: 'child', turnId: 'c', decision: 'decline' }];
    const result = await ended;
    if (onDenial) expect(result).toBeInstanceOf(ApprovalDeniedError);
    expect(result).toMatchObject(onDenial ? { denial: denials[0], result: { denials } } : { denials });
    // Once the turn is over, a refusal is nobody's but the sub-agent's.
    engine.send({ id: 8, ...command, params: { ...ofChild, turnId: 'later' } });
    if (onDenial) expect(await engine.next()).toMatchObject({ params: { threadId: 'child', turnId: 'later' } });
    expect(await engine.next()).toMatchObject({ id: 8, result: declined });
    expect(engine.peer.received).toEqual([]);
    await codex.close();
  },
);

test.each(['resolved', 'interrupted', 'dead'])(
  'a handler that waits hears that its request is moot: %s',
  async (how) => {
    const records: ApprovalRecord[] = [];
    let signal: AbortSignal | undefined;
    const { engine, codex } = await running({
      approvals: (_, context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
      onDecision: (record) => void records.push(record),
    });
    engine.send({ id: 'r-1', ...command });
    await until(() => signal !== undefined);
    if (how === 'resolved') engine.notify('serverRequest/resolved', { threadId: 'th', requestId: 'r-1' });
    else if (how === 'interrupted') engine.send(completed('t', 'interrupted'));
    else engine.peer.end();
    await until(() => signal?.aborted === true);
    const reason = {
      resolved: 'the engine has resolved the request itself',
      interrupted: 'the turn is over',
      dead: undefined,
    };
    const cause = reason[how as 'resolved']
      ? { name: 'AbortError', cause: { message: reason[how as 'resolved'] } }
      : { name: 'TransportClosedError' };
    expect(signal?.reason).toMatchObject(cause);
    expect(records).toMatchObject([{ decision: null, decidedBy: 'engine', request: { kind: 'command' } }]);
    await codex.close();
  },
);

test('of several requests of a turn, one that is answered leaves the others waiting, and they hear of its end', async () => {
  const signals: AbortSignal[] = [];
  const answers: ((decision: 'accept') => void)[] = [];
  const { engine, codex } = await running({
    approvals: (_, { signal }) => {
      signals.push(signal);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  for (const id of ['a', 'b', 'c']) engine.send({ id, ...command });
  await until(() => signals.length === 3);
  for (const answer of answers.slice(0, 2)) {
    answer('accept');
    expect((await engine.next()).result).toEqual({ decision: 'accept' });
  }
  engine.send(completed());
  await until(() => signals[2]?.aborted === true);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]);
  await codex.close();
});

test('the signal of another request stays quiet: 1 and "1" are two ids, and another turn has its own end', async () => {
  const signals: AbortSignal[] = [];
  const { engine, codex } = await running({
    onServerRequest: (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  engine.send({ id: 1, ...command });
  engine.send({ id: '1', ...command });
  engine.send({ id: 2, ...command, params: { ...command.params, turnId: 'other' } });
  await until(() => signals.length === 3);
  engine.notify('serverRequest/resolved', { threadId: 'th', requestId: '1' });
  await until(() => signals[1]?.aborted === true);
  engine.send(completed('other'));
  await until(() => signals[2]?.aborted === true);
  expect(signals[0]?.aborted).toBe(false);
  await codex.close();
});

test('a handler that hangs, throws or takes too long never holds up another thread', async () => {
  const errors: unknown[] = [];
  const { engine, codex } = await running({
    approvals: {
      handler: ({ threadId }, { signal }) => {
        if (threadId === 'throws') throw new Error('broken');
        if (threadId === 'slow')
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve('accept')));
        return threadId === 'fine' ? 'accept' : new Promise(() => {});
      },
      timeoutMs: 30,
    },
    onServerRequestError: (error) => void errors.push(error),
  });
  const on = (threadId: string) => ({ id: threadId, ...command, params: { ...command.params, threadId } });
  for (const threadId of ['slow', 'throws', 'fine']) engine.send(on(threadId));
  const answers = [await engine.next(), await engine.next(), await engine.next()];
  expect(answers).toEqual([
    { id: 'throws', result: declined },
    { id: 'fine', result: { decision: 'accept' } },
    { id: 'slow', result: declined },
  ]);
  expect(errors).toMatchObject([
    { message: 'broken' },
    { name: 'TimeoutError', message: 'item/commandExecution/requestApproval was not answered within 30 ms' },
  ]);
  await codex.close();
});

test('what was refused, and by whom, stands in the result; the trail has every decision', async () => {
  const records: ApprovalRecord[] = [];
  const { engine, codex, handle } = await running({
    approvals: [
      function noNet({ kind }) {
        return kind === 'permissions' ? 'decline' : undefined;
      },
      { command: () => 'accept' },
    ],
    onDecision: (record) => {
      records.push(record);
      throw new Error('a trail that fails is told of');
    },
    onServerRequestError: (error) => void failures.push(error),
  });
  const failures: unknown[] = [];
  const started = { type: 'fileChange', id: 'i', changes: [change], status: 'inProgress' };
  engine.notify('item/started', { threadId: 'th', turnId: 't', item: started });
  for (const request of [command, permissions, fileChange]) await ask(engine, request);
  const ended = { ...started, status: 'declined' };
  engine.notify('item/completed', { threadId: 'th', turnId: 't', item: ended });
  engine.send(completed());
  expect((await handle.result()).denials).toEqual([
    {
      kind: 'permissions',
      decision: 'decline',
      ...ids,
      item: ended,
      reviewer: 'user',
      decidedBy: 'noNet',
      reason: null,
    },
    {
      kind: 'fileChange',
      decision: 'decline',
      ...ids,
      item: ended,
      reviewer: 'user',
      decidedBy: 'safe answer',
      reason: null,
    },
  ]);
  expect(records.map(({ decision, decidedBy, error }) => [decision, decidedBy, error])).toEqual([
    ['accept', 'command', undefined],
    ['decline', 'noNet', undefined],
    ['decline', 'safe answer', undefined],
  ]);
  expect(records.every(({ askedAt, durationMs }) => askedAt > 1e12 && durationMs >= 0)).toBe(true);
  expect(failures).toHaveLength(3);
  await codex.close();
});

test('a refusal from before the turn has a handle stands in the result too', async () => {
  const { engine, codex, thread } = await withThread();
  const starting = thread.turn('hi');
  const { id } = await engine.next();
  expect(await resultOf(engine, command)).toEqual(declined);
  engine.send({ id, result: { turn: { id: 't' } } });
  engine.send(completed());
  expect((await (await starting).result()).denials).toMatchObject([{ kind: 'command', decidedBy: 'safe answer' }]);
  await codex.close();
});

test("what the engine's own reviewer refuses stands there too, with its reason", async () => {
  const { engine, codex, handle } = await running({});
  engine.notify('item/autoApprovalReview/completed', {
    ...ids,
    targetItemId: 'i',
    action: { type: 'applyPatch' },
    review: { status: 'denied', rationale: 'not asked for' },
  });
  engine.notify('item/autoApprovalReview/completed', {
    ...ids,
    action: { type: 'command' },
    review: { status: 'approved' },
  });
  engine.send(completed());
  expect((await handle.run()).denials).toEqual([
    {
      ...{ kind: 'fileChange', decision: 'decline', ...ids, item: null },
      ...{ reviewer: 'auto_review', decidedBy: 'auto_review', reason: 'not asked for' },
    },
  ]);
  await codex.close();
});

/** A turn that throws what was refused. */
async function throwing(thread: Thread, engine: MemoryEngine, decision: 'decline' | 'cancel') {
  const starting = thread.turn('hi', { approvals: () => decision, onDenial: 'throw' });
  await engine.answer({ turn: { id: 't' } });
  return await starting;
}

test('onDenial throw: the turn is interrupted before the answer, once, and its result is an error with all that there is', async () => {
  const { engine, codex, thread } = await withThread();
  const handle = await throwing(thread, engine, 'decline');
  engine.send({ id: 1, ...command });
  expect(await engine.next()).toMatchObject({ method: 'turn/interrupt', params: { threadId: 'th', turnId: 't' } });
  expect(await engine.next()).toEqual({ id: 1, result: declined });
  expect(await resultOf(engine, command)).toEqual(declined);
  engine.send(completed('t', 'interrupted'));
  const error = await handle.result().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ApprovalDeniedError);
  expect(error).toMatchObject({
    ...{ kind: 'approval-denied', message: 'a command was refused by approvals', item: null, decision: 'decline' },
    denial: { kind: 'command', decidedBy: 'approvals' },
    result: { status: 'interrupted', denials: [{ kind: 'command' }, { kind: 'command' }] },
  });
  await expect(handle.run()).rejects.toThrow(ApprovalDeniedError);
  await codex.close();
});

test('a cancelled command interrupts its turn by itself', async () => {
  const { engine, codex, thread } = await withThread();
  const handle = await throwing(thread, engine, 'cancel');
  expect(await ask(engine, command)).toEqual({ id: 7, result: { decision: 'cancel' } });
  engine.send(completed('t', 'interrupted'));
  await expect(handle.run()).rejects.toMatchObject({ name: 'ApprovalDeniedError', decision: 'cancel' });
  await codex.close();
});

test('each other request has a handler of its own, whose answer is told in the words of the protocol', async () => {
  const seen: unknown[] = [];
  const note =
    <A>(answer: A) =>
    (request: object) => {
      seen.push(request);
      return answer;
    };
  const { engine, codex } = await running({
    onUserInput: note({ color: 'Blue' }),
    onElicitation: { handler: note({ action: 'accept', content: { name: 'Ann' } } as const), timeoutMs: 1000 },
    onPermissions: note({ permissions: {}, scope: 'session' } as const),
    onTokenRefresh: note({ accessToken: 'a', chatgptAccountId: 'b' }),
    onServerRequest: ({ method }) => void seen.push(method) as undefined,
  });
  expect(await resultOf(engine, question)).toEqual({ answers: { color: { answers: ['Blue'] } } });
  expect(await resultOf(engine, form)).toEqual({ action: 'accept', content: { name: 'Ann' }, _meta: null });
  expect(await resultOf(engine, permissions)).toEqual({ permissions: {}, scope: 'session' });
  expect(await resultOf(engine, tokens)).toEqual({ accessToken: 'a', chatgptAccountId: 'b' });
  // An approval is no form: a handler that agrees to every form must not agree to a tool.
  expect(await resultOf(engine, mcpTool)).toMatchObject({ action: 'decline' });
  expect(seen).toEqual([question.params, form.params, permissions.params, tokens.params, mcpTool.method]);
  await codex.close();
});

test('a request of a later engine comes to the catch-all, and is refused without one', async () => {
  const seen: unknown[] = [];
  const { engine, codex } = await running({
    approvals: () => 'accept',
    onElicitation: () => ({ action: 'accept' }),
    onServerRequest: ({ method }) => void seen.push(method) as undefined,
  });
  expect(await ask(engine, { method: 'item/later/requestApproval', params: ids })).toMatchObject({
    error: { code: -32601 },
  });
  const later = { ...mcpTool, params: { ...mcpTool.params, _meta: { codex_approval_kind: 'of a later engine' } } };
  expect(await resultOf(engine, later)).toMatchObject({ action: 'decline' });
  expect(seen).toEqual(['item/later/requestApproval', mcpTool.method]);
  await codex.close();
});

test('a review with a word of a later engine refuses nothing', async () => {
  const { engine, codex, handle } = await running({});
  const action = { type: 'of a later engine' };
  const told = (status: string) =>
    engine.notify('item/autoApprovalReview/completed', { ...ids, action, review: { status } });
  told('of a later engine');
  told('denied');
  engine.send(completed());
  expect((await handle.result()).denials).toMatchObject([{ kind: 'command', decidedBy: 'auto_review', reason: null }]);
  await codex.close();
});

test.each([
  ['onUserInput', question, 'Blue', { answers: {} }],
  ['onUserInput', question, { colour: 'Blue' }, { answers: {} }],
  ['onUserInput', question, { color: 5 }, { answers: {} }],
  ['onElicitation', form, { action: 'agree' }, { action: 'decline', content: null, _meta: null }],
  ['onElicitation', form, 'accept', { action: 'decline', content: null, _meta: null }],
  [
    'onElicitation',
    form,
    { action: 'decline', content: { name: 'Ann' } },
    { action: 'decline', content: null, _meta: null },
  ],
  ['onPermissions', permissions, { network: { enabled: true } }, { permissions: {}, scope: 'turn' }],
  ['onPermissions', permissions, { permissions: {}, scope: 'always' }, { permissions: {}, scope: 'turn' }],
  ['onTokenRefresh', tokens, { accessToken: 'secret' }, undefined],
])('%s: for %j, the answer %j is a TypeError that shows none of it', async (option, request, answer, safe) => {
  const errors: unknown[] = [];
  const { engine, codex } = await running({
    [option]: () => answer,
    onServerRequestError: (error) => void errors.push(error),
  });
  const { result, error } = await ask(engine, request);
  expect([result, error === undefined]).toEqual([safe, safe !== undefined]);
  expect(errors).toEqual([expect.any(TypeError)]);
  expect(String(errors[0])).toMatch(new RegExp(`^TypeError: Reading the answer of ${option}: expected .+, got .+\\.$`));
  expect(String(errors[0])).not.toMatch(/secret|Ann/);
  await codex.close();
});

test('who reviews can be read: as the engine said at the start, and as its settings say later', async () => {
  const { engine, codex } = await connected();
  const starting = codex.threadStart();
  await engine.answer({ thread: { id: 'th' }, approvalsReviewer: 'auto_review' });
  const thread = await starting;
  expect(thread.approvalsReviewer).toBe('auto_review');
  engine.notify('thread/settings/updated', { threadId: 'th', threadSettings: { approvalsReviewer: 'user' } });
  await until(() => thread.approvalsReviewer === 'user');
  await codex.close();
  expect(thread.approvalsReviewer).toBeUndefined();
});

test('a thread that the engine resumes with another reviewer is set right', async () => {
  const { engine, codex } = await connected();
  const resuming = codex.threadResume('th', { approvals: () => 'accept' });
  await engine.answer({ thread: { id: 'th' }, approvalsReviewer: 'auto_review' });
  expect(await engine.answer({})).toMatchObject({
    method: 'thread/settings/update',
    params: { threadId: 'th', approvalsReviewer: 'user' },
  });
  expect((await resuming).approvalsReviewer).toBe('user');
  await codex.close();
});

test('a thread that cannot be set right is not resumed', async () => {
  const { engine, codex } = await connected();
  const resuming = codex.threadResume('th', { approvals: () => 'accept' });
  await engine.answer({ thread: { id: 'th' }, approvalsReviewer: 'auto_review' });
  const { id } = await engine.next();
  engine.send({ id, error: { code: -32600, message: 'no other reviewer' } });
  await expect(resuming).rejects.toThrow('no other reviewer');
  await codex.close();
});

test.each([
  ...[7, 'accept', {}, { comand: () => 'accept' }, { command: 'accept' }, { timeoutMs: 5 }, [() => 'accept', null]],
  ...[
    { handler: () => 'accept', timeoutMs: -1 },
    { handler: () => 'accept', timeoutMs: '5' },
  ],
])('approvals: %j is refused before anything is sent', async (approvals) => {
  const { engine, codex, thread } = await withThread();
  await expect(thread.run('hi', { approvals: approvals as never })).rejects.toThrow(
    'the option approvals of Thread.run',
  );
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});
