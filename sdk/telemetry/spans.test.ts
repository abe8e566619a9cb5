import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toldClient } from './test-fixtures/told-client.ts';

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

async function client(content = false) {
  const { sink, tell, spans, points, tracerProvider } = await toldClient(content, 'thread/start');
  const span = (name: string): ReadableSpan => {
    const found = spans.getFinishedSpans().findLast((one) => one.name === name);
    if (!found) throw new Error(`no span ${name}`);
    return found;
  };
  const names = () => spans.getFinishedSpans().map(({ name }) => name);
  return { sink, tell, span, names, points, tracerProvider };
}

const usage = { inputTokens: 7, outputTokens: 5, totalTokens: 12, cachedInputTokens: 2, reasoningOutputTokens: 1 };

test('a thread says who serves it, with which model, and how it was opened', async () => {
  const { tell, span, names } = await client();
  tell('thread.started', { model: 'gpt', modelProvider: 'mine' });
  tell('thread.started', { model: null, modelProvider: null, method: 'thread/resume' });
  // Opened again: the first span ends.
  expect(names()).toEqual(['twinproof.thread']);
  expect(span('twinproof.thread').attributes).toEqual({
    ...{ 'gen_ai.conversation.id': 'th', 'gen_ai.provider.name': 'mine' },
    ...{ 'gen_ai.request.model': 'gpt', 'twinproof.thread.opened_by': 'thread/start' },
  });
  tell('thread.closed');
  tell('thread.closed');
  tell('client.closed');
  expect(names()).toEqual(['twinproof.thread', 'twinproof.thread', 'twinproof.client']);
  expect(span('twinproof.thread').attributes).toEqual({
    ...{ 'gen_ai.conversation.id': 'th', 'gen_ai.provider.name': 'openai' },
    'twinproof.thread.opened_by': 'thread/resume',
  });
});

test('what happens in a thread that was closed belongs to the client, and knows no model', async () => {
  const { tell, span } = await client();
  tell('thread.started', { model: 'gpt', modelProvider: 'mine' });
  tell('thread.closed');
  tell('turn.started');
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  tell('client.closed');
  const turn = span('invoke_agent codex');
  expect(turn.parentSpanContext?.spanId).toBe(span('twinproof.client').spanContext().spanId);
  expect(turn.attributes).not.toHaveProperty('gen_ai.request.model');
});

test('a turn is a call of a client; its span and its measures have all that is known of it', async () => {
  const { tell, span, points } = await client();
  tell('thread.started', { model: 'gpt', modelProvider: 'mine' });
  tell('turn.started');
  tell('tokens.used', { usage: { last: usage, modelContextWindow: 100 } });
  tell('tokens.used', { usage: { last: { ...usage, inputTokens: 0, outputTokens: 0 }, modelContextWindow: null } });
  tell('turn.completed', { status: 'completed', usage, durationMs: 1500 });
  const turn = span('invoke_agent codex');
  expect(turn.kind).toBe(SpanKind.CLIENT);
  expect(turn.attributes).toMatchObject({
    ...{ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'codex', 'gen_ai.conversation.id': 'th' },
    ...{ 'gen_ai.provider.name': 'mine', 'gen_ai.request.model': 'gpt', 'twinproof.turn.status': 'completed' },
    ...{ 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 5 },
    ...{ 'gen_ai.usage.cache_read.input_tokens': 2, 'gen_ai.usage.reasoning.output_tokens': 1 },
    ...{ 'twinproof.context.tokens': 12, 'twinproof.context.window': 100 },
  });
  const few = { 'gen_ai.provider.name': 'mine', 'gen_ai.request.model': 'gpt' };
  const sum = async (name: string) =>
    (await points(name)).map(({ attributes, value }) => [attributes, (value as { sum: number }).sum]);
  expect(await sum('gen_ai.client.token.usage')).toEqual([
    [{ ...few, 'gen_ai.operation.name': 'chat', 'gen_ai.token.type': 'input' }, 7],
    [{ ...few, 'gen_ai.operation.name': 'chat', 'gen_ai.token.type': 'output' }, 5],
  ]);
  expect(await sum('gen_ai.client.operation.duration')).toEqual([
    [{ ...few, 'gen_ai.operation.name': 'invoke_agent' }, 1.5],
  ]);
  expect(await sum('twinproof.context.occupancy')).toEqual([[few, 0.12]]);
});

test.each([
  ['completed', 'dynamicToolCall', 'function', undefined],
  ['failed', 'mcpToolCall', 'extension', 'failed'],
  ['declined', 'commandExecution', 'extension', 'declined'],
  [null, 'commandExecution', 'extension', undefined],
])('a tool that has ended as %s', async (status, type, kind, error) => {
  const { tell, span, points } = await client();
  tell('turn.started');
  tell('item.started', { type });
  tell('tool.started', { type, tool: 'shell' });
  tell('item.completed', { type, durationMs: 20 });
  tell('tool.completed', { type, tool: 'shell', status, durationMs: 20 });
  const tool = span('execute_tool shell');
  expect(tool.attributes).toEqual({
    ...{ 'twinproof.item.id': 'i', 'twinproof.item.type': type, 'gen_ai.operation.name': 'execute_tool' },
    ...{ 'gen_ai.tool.name': 'shell', 'gen_ai.tool.call.id': 'i', 'gen_ai.tool.type': kind },
    ...(status !== null && { 'twinproof.item.status': status }),
    ...(error && { 'error.type': error }),
  });
  expect(tool.status.code).toBe(error ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
  const [point] = await points('gen_ai.client.operation.duration');
  expect(point?.attributes).toEqual({
    ...{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'shell', ...(error && { 'error.type': error }) },
  });
  expect(point?.value).toMatchObject({ sum: expect.closeTo(0.02) });
  // An item of that id that is no tool ends by itself.
  tell('item.started', { type: 'plan' });
  tell('item.completed', { type: 'plan', durationMs: null });
  expect(span('twinproof.item plan').attributes).toMatchObject({ 'twinproof.item.type': 'plan' });
});

test('an approval is below its item, else its turn, else its thread, else the client; it counts once, by its kind', async () => {
  const { tell, span, points } = await client();
  const ask = (kind: string, more: object = {}) => {
    tell('approval.requested', { kind, ...more });
    tell('approval.answered', { kind, decision: 'accept', decidedBy: 'mine', ...more });
    return span(`twinproof.approval ${kind}`).parentSpanContext?.spanId;
  };
  const none = { itemId: null, turnId: null };
  const ofClient = ask('fileChange', none);
  tell('thread.started', { model: null, modelProvider: null });
  const ofThread = ask('permissions', none);
  tell('turn.started');
  const ofTurn = ask('mcpTool', { itemId: null });
  tell('item.started', { type: 'commandExecution' });
  const ofItem = ask('command');
  tell('item.completed', { type: 'commandExecution', durationMs: null });
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  tell('thread.closed');
  tell('client.closed');
  const ids = ['twinproof.client', 'twinproof.thread', 'invoke_agent codex', 'twinproof.item commandExecution'].map(
    (name) => span(name).spanContext().spanId,
  );
  expect([ofClient, ofThread, ofTurn, ofItem]).toEqual(ids);
  const kinds = ['fileChange', 'permissions', 'mcpTool', 'command'];
  const decided = { 'twinproof.approval.decision': 'accept', 'twinproof.approval.decided_by': 'mine' };
  expect((await points('twinproof.approvals')).map(({ attributes, value }) => [attributes, value])).toEqual(
    kinds.map((kind) => [{ ...decided, 'twinproof.approval.kind': kind }, 1]),
  );
  for (const kind of kinds)
    expect(span(`twinproof.approval ${kind}`).attributes).toEqual({
      ...{ ...decided, 'twinproof.approval.kind': kind, 'gen_ai.conversation.id': 'th' },
    });
});

test('an approval that was decided is not ended again with the connection; one whose handler failed has the error', async () => {
  const { tell, names, span } = await client();
  tell('approval.requested', { kind: 'command' });
  tell('approval.answered', { kind: 'command', decision: 'decline', decidedBy: 'mine', error: new TypeError('no') });
  expect(span('twinproof.approval command').attributes['error.type']).toBe('TypeError');
  tell('approval.answered', { kind: 'command', decision: 'accept', decidedBy: 'other' });
  expect(span('twinproof.approval command').attributes['twinproof.approval.decision']).toBe('decline');
  tell('engine.exited', { error: new Error('died') });
  expect(names()).toEqual(['twinproof.approval command', 'twinproof.client']);
});

test.each([
  ['client.closed', {}],
  ['engine.exited', { error: new Error('died') }],
] as const)('what is open ends with %s, once; threads never as failed', async (how, message) => {
  const { tell, span, names } = await client();
  tell('thread.started', { model: null, modelProvider: null });
  tell('turn.started');
  tell('item.started', { type: 'plan' });
  tell('approval.requested', { kind: 'command' });
  tell(how, message);
  const failed = ['twinproof.approval command', 'twinproof.item plan', 'invoke_agent codex'];
  expect(names()).toEqual([...failed, 'twinproof.thread', 'twinproof.client']);
  for (const name of names()) {
    const error = how === 'engine.exited' && name !== 'twinproof.thread';
    expect([name, span(name).status.code]).toEqual([name, error ? SpanStatusCode.ERROR : SpanStatusCode.UNSET]);
    expect(span(name).attributes['error.type']).toBe(error ? 'Error' : undefined);
  }
  // A new connection begins with nothing of it.
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  tell('item.completed', { type: 'plan', durationMs: null });
  tell('client.closed');
  expect(names()).toHaveLength(5);
  tell('client.starting', { clientName: 'test' });
  tell('thread.started', { model: null, modelProvider: null });
  tell('client.closed');
  expect(names().slice(5)).toEqual(['twinproof.thread', 'twinproof.client']);
});

test('a turn that the program starts within its own span is below that, and linked to the thread', async () => {
  const { sink, tell, span, tracerProvider } = await client();
  tell('thread.started', { model: null, modelProvider: null });
  const own = tracerProvider.getTracer('program').startSpan('request');
  context.with(trace.setSpan(context.active(), own), () =>
    tell('request.started', { method: 'turn/start', params: { input: [] } }),
  );
  const started = sink.trace?.('1');
  sink.named?.('1', 't');
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  tell('thread.closed');
  const turn = span('invoke_agent codex');
  expect(turn.parentSpanContext?.spanId).toBe(own.spanContext().spanId);
  expect(turn.links.map((link) => link.context.spanId)).toEqual([span('twinproof.thread').spanContext().spanId]);
  expect(started?.traceparent).toBe(`00-${turn.spanContext().traceId}-${turn.spanContext().spanId}-01`);
});

test('a turn that has failed: its error type is on its span and its time, as the engine calls it', async () => {
  const { tell, span, points } = await client();
  tell('turn.started');
  const error = { message: 'no more', codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 502 } } };
  tell('turn.failed', { status: 'failed', usage: null, durationMs: 2, error });
  expect(span('invoke_agent codex').attributes['error.type']).toBe('httpConnectionFailed');
  const [point] = await points('gen_ai.client.operation.duration');
  expect(point?.attributes).toMatchObject({ 'error.type': 'httpConnectionFailed' });
});

test('with content, an item has what it says at its beginning and at its end, without keys', async () => {
  const key = 'sk-abcdefghijklmnopqrstuvwxyz';
  const { tell, span } = await client(true);
  tell('turn.started');
  tell('item.started', { type: 'agentMessage', item: { type: 'agentMessage', id: 'i', text: '' } });
  tell('item.completed', {
    ...{ type: 'agentMessage', durationMs: null },
    item: { type: 'agentMessage', id: 'i', text: `the key ${key}` },
  });
  const said = String(span('twinproof.item agentMessage').attributes['gen_ai.output.messages']);
  expect(said).toContain('the key');
  expect(said).not.toContain(key);
});
