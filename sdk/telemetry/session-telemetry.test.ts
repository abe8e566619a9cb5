import { afterEach, expect, test, vi } from 'vitest';
import type { LifeCycleName, LifeCycleSink } from './life-cycle.ts';
import { SessionTelemetry } from './session-telemetry.ts';
import { toolOf } from './tool-of.ts';

afterEach(() => void vi.restoreAllMocks());

type Told = [name: LifeCycleName, message: Record<string, unknown>];

/** The telemetry of a connection, with what it tells; time is what the test says. */
function telling({ content = false, more = [] as LifeCycleSink[] } = {}) {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const told: Told[] = [];
  const sink: LifeCycleSink = { take: (name, message) => void told.push([name, message as never]) };
  const telemetry = new SessionTelemetry({ of: () => undefined } as never, content);
  telemetry.attach([...more, sink]);
  const pass = (ms: number) => {
    now += ms;
  };
  const last = () => told.at(-1);
  return { telemetry, told, pass, last };
}

test.each([
  ['1.2.3', '1.2.3'],
  [undefined, null],
])('a client that starts: its time from the beginning, and the version %s as %j', (version, shown) => {
  const { telemetry, pass, last } = telling();
  telemetry.starting('mine');
  expect(last()).toMatchObject(['client.starting', { clientName: 'mine' }]);
  pass(25);
  telemetry.started('mine', version);
  expect(last()?.[1]).toEqual({
    ...{ connection: expect.any(Number), clientName: 'mine' },
    ...{ engineVersion: shown, durationMs: 25 },
  });
});

test('a client that does not start: its time, and an error in any case', () => {
  const { telemetry, pass, last } = telling();
  telemetry.starting('mine');
  pass(40);
  const failure = new Error('no');
  telemetry.failed(failure);
  expect(last()).toMatchObject(['client.failed', { durationMs: 40, error: failure }]);
  telemetry.failed('a text');
  expect(last()?.[1].error).toEqual(new Error('a text'));
});

test('an engine that ends is told of unless the program has asked for it', () => {
  const { telemetry, told } = telling();
  telemetry.exited(new Error('asked'), true);
  expect(told).toEqual([]);
  telemetry.exited(new Error('died'), false);
  expect(told).toMatchObject([['engine.exited', { error: { message: 'died' } }]]);
});

test.each([false, true])(
  'a request is told of at its beginning and once at its end, in milliseconds; with content: %s',
  (content) => {
    const { telemetry, told, pass } = telling({ content });
    const params = { threadId: 'th', input: 'said' };
    const one = telemetry.request('turn/start', params);
    pass(7);
    one?.ended({ result: {} });
    one?.ended({ error: new Error('too late') });
    const of = { requestId: '1', method: 'turn/start', threadId: 'th' };
    const connection = expect.any(Number);
    expect(told).toEqual([
      ['request.started', { connection, ...of, ...(content && { params }) }],
      ['request.completed', { connection, ...of, durationMs: 7 }],
    ]);
    const other = telemetry.request('model/list', undefined);
    pass(9);
    const error = new Error('no');
    other?.ended({ error });
    other?.ended({ result: {} });
    expect(told.slice(2)).toMatchObject([
      ['request.started', { requestId: '2', threadId: null }],
      ['request.failed', { requestId: '2', durationMs: 9, error }],
    ]);
    expect(told).toHaveLength(4);
  },
);

test.each(['thread/start', 'thread/resume', 'thread/fork', 'thread/unarchive'])('%s opens a thread', (method) => {
  const { telemetry, last } = telling();
  telemetry.request(method, {})?.ended({ result: { thread: { id: 'th' }, model: 'gpt', modelProvider: 7 } as never });
  expect(last()).toMatchObject(['thread.started', { threadId: 'th', method, model: 'gpt', modelProvider: null }]);
});

test('every sink hears which turn a request has started, and the first that has a trace gives it', () => {
  const trace = { traceparent: '00-a-b-01' };
  const sinks = [
    { take: vi.fn(), named: vi.fn(), trace: () => undefined },
    { take: vi.fn(), named: vi.fn(), trace: () => trace },
    {
      take: () => {
        throw new Error('a sink that fails');
      },
      trace: () => ({ traceparent: 'later' }),
    },
  ];
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { telemetry, told } = telling({ more: sinks });
  const one = telemetry.request('turn/start', {});
  expect(one?.trace).toEqual(trace);
  one?.ended({ result: { turn: { id: 't' } } });
  for (const { named } of sinks) if (named) expect(named).toHaveBeenCalledExactlyOnceWith('1', 't');
  expect(told.map(([name]) => name)).toEqual(['request.started', 'request.completed']);
});

test.each([
  [
    { threadId: 'th', turnId: 't' },
    { threadId: 'th', turnId: 't' },
  ],
  [
    { conversationId: 'old', turnId: null },
    { threadId: 'old', turnId: null },
  ],
  [
    { conversationId: 'old', threadId: 'th' },
    { threadId: 'old', turnId: null },
  ],
  [{}, { threadId: null, turnId: null }],
  [null, { threadId: null, turnId: null }],
])('a question with %j is of %j, when it comes and when it has its answer', (params, of) => {
  const { telemetry, told } = telling();
  const question = { id: 5, method: 'item/tool/call', params } as never;
  telemetry.received(question);
  telemetry.answered(question);
  for (const [, message] of told) expect(message).toMatchObject({ method: 'item/tool/call', ...of });
  expect(told.map(([name]) => name)).toEqual(['question.received', 'question.answered']);
  expect(told[0]?.[1].requestId).toBe(told[1]?.[1].requestId);
});

test('an approval that was decided on has the failure of its handler, if there is one', () => {
  const { telemetry, last } = telling();
  const request = { kind: 'command', threadId: 'th', turnId: 't', itemId: 'i' } as never;
  const record = { request, decision: 'decline' as const, decidedBy: 'mine', askedAt: 1, durationMs: 4 };
  telemetry.approvalAnswered({ ...record, error: undefined });
  expect(last()?.[1]).not.toHaveProperty('error');
  const error = new Error('no');
  telemetry.approvalAnswered({ ...record, error });
  expect(last()?.[1]).toEqual({
    ...{ connection: expect.any(Number), kind: 'command', threadId: 'th', turnId: 't', itemId: 'i' },
    ...{ decision: 'decline', decidedBy: 'mine', durationMs: 4, error },
  });
});

test('what was let go is told once', () => {
  const { telemetry, told } = telling();
  for (const count of [0, 3, 5]) telemetry.dropped(count);
  expect(told).toMatchObject([['notifications.dropped', { dropped: 3 }]]);
});

test('how long an item took: as the engine says it, or by its moments; tokens are those of the turn, too', () => {
  const { telemetry, told } = telling();
  const took = (more: object) => {
    telemetry.see('item/completed', { threadId: 'th', turnId: 't', item: { id: 'i', type: 'plan', ...more } } as never);
    return told.pop()?.[1].durationMs;
  };
  expect(took({ durationMs: 3, startedAtMs: 1, completedAtMs: 9 })).toBe(3);
  expect(took({ startedAtMs: 1, completedAtMs: 9 })).toBe(8);
  expect(took({ startedAtMs: 9, completedAtMs: 1 })).toBe(0);
  expect(took({ startedAtMs: 9 })).toBeNull();
  const count = (totalTokens: number) => ({ totalTokens, inputTokens: totalTokens, outputTokens: 0 });
  const tokenUsage = { total: count(30), last: count(10), modelContextWindow: null };
  telemetry.see('thread/tokenUsage/updated', { threadId: 'th', turnId: 't', tokenUsage } as never);
  expect(told.at(-1)).toMatchObject(['tokens.used', { usage: tokenUsage, threadId: 'th', turnId: 't' }]);
  telemetry.see('thread/closed', { threadId: 'th' });
  expect(told.at(-1)).toMatchObject(['thread.closed', { threadId: 'th' }]);
});

test.each([
  [{ type: 'commandExecution' }, 'shell'],
  [{ type: 'fileChange' }, 'apply_patch'],
  [{ type: 'webSearch' }, 'web_search'],
  [{ type: 'imageView' }, 'view_image'],
  [{ type: 'imageGeneration' }, 'image_generation'],
  [{ type: 'mcpToolCall', server: 'docs', tool: 'find' }, 'docs/find'],
  [{ type: 'dynamicToolCall', namespace: 'desk', tool: 'ticket' }, 'desk/ticket'],
  [{ type: 'dynamicToolCall', namespace: null, tool: 'ticket' }, 'ticket'],
  [{ type: 'agentMessage' }, undefined],
  [{ type: 'constructor' }, undefined],
  [{}, undefined],
])('%j calls %s', (item, name) => expect(toolOf(item)).toBe(name));
