import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import { completed, setUp, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { type LifeCycleName, lifeCycleChannels } from './life-cycle.ts';
import { exporters } from './test-fixtures/exporters.ts';

const names = Object.keys(lifeCycleChannels) as LifeCycleName[];
type Told = [name: string, message: Record<string, unknown>];

/** What is published from now on, up to the end of the test. */
function listen(): Told[] {
  const told: Told[] = [];
  for (const name of names) {
    const hear = (message: unknown) => void told.push([name, message as Record<string, unknown>]);
    channel(`twinproof.${name}`).subscribe(hear);
    onTestFinished(() => void channel(`twinproof.${name}`).unsubscribe(hear));
  }
  return told;
}

const breakdown = (inputTokens: number, outputTokens: number) => ({
  ...{ inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
  ...{ cachedInputTokens: 1, reasoningOutputTokens: 2 },
});
const secret = 'sk-abcdefghijklmnopqrstuvwxyz';
const command = {
  type: 'commandExecution',
  id: 'c',
  command: `curl -H "Authorization: Bearer ${secret}"`,
  status: 'inProgress',
};

/** A turn with a command that is asked for, and a report of tokens. */
async function wholeTurn(engine: MemoryEngine, thread: { run(input: string): Promise<unknown> }, input = 'the prompt') {
  const running = thread.run(input);
  const request = await engine.answer({ turn: { id: 't' } });
  engine.notify('turn/started', { threadId: 'th', turn: { id: 't' } });
  const of = { threadId: 'th', turnId: 't' };
  engine.notify('item/started', { ...of, item: command });
  const asked = { ...of, itemId: 'c', command: 'x', cwd: '/', startedAtMs: 1, availableDecisions: ['accept'] };
  engine.send({ id: 7, method: 'item/commandExecution/requestApproval', params: asked });
  expect(await engine.next()).toMatchObject({ id: 7 });
  engine.notify('item/completed', { ...of, item: { ...command, status: 'completed', durationMs: 12 } });
  engine.notify('thread/tokenUsage/updated', {
    ...of,
    tokenUsage: { total: breakdown(30, 5), last: breakdown(10, 3), modelContextWindow: 130 },
  });
  engine.notify('item/started', { ...of, item: { type: 'agentMessage', id: 'm', text: '' } });
  engine.notify('item/agentMessage/delta', { ...of, itemId: 'm', delta: 'the answer' });
  const moments = { startedAtMs: 20, completedAtMs: 15 };
  engine.notify('item/completed', { ...of, item: { type: 'agentMessage', id: 'm', text: 'the answer', ...moments } });
  engine.send({
    ...completed(),
    params: { threadId: 'th', turn: { id: 't', items: [], status: 'completed', durationMs: 250 } },
  });
  await running;
  return request as { trace?: { traceparent: string } };
}

/** Everything that can happen to a client. */
async function wholeLife(config: CodexConfig = {}): Promise<void> {
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', ...config });
  await wholeTurn(engine, thread);
  const failing = thread.run('again').catch(() => {});
  await engine.answer({ turn: { id: 'f' } });
  const error = { message: 'no more', codexErrorInfo: 'serverOverloaded' };
  engine.notify('turn/completed', { threadId: 'th', turn: { id: 'f', items: [], status: 'failed', error } });
  await failing;
  const refused = codex.models().catch(() => {});
  await engine.refuse(-32600, 'no models');
  await refused;
  engine.notify('thread/closed', { threadId: 'th' });
  await codex.close();
  const slow = await withThread({ unreadLimit: 10, ...config });
  const events = slow.codex.events();
  const first = events.next();
  await until(() => slow.engine.peer.received.length === 0);
  for (let at = 0; at < 3; at += 1) slow.engine.notify('warning', { message: 'x' });
  await expect(first).rejects.toThrow('too slowly');
  await slow.codex.close();
  const dying = await withThread(config);
  dying.engine.peer.end();
  await until(() => dying.engine.peer.closed);
  await dying.codex.close();
  const never = setUp(config);
  const connecting = never.codex.connect().catch(() => {});
  await until(() => never.engine.peers[0]?.received.length === 1);
  never.engine.peer.end();
  await connecting;
  await never.codex.close();
}

test('every channel of the list has its message, and every message the number of its connection', async () => {
  const told = listen();
  await wholeLife();
  expect(new Set(told.map(([name]) => name))).toEqual(new Set(names));
  for (const [name, { connection }] of told)
    expect(typeof connection, name).toBe(name === 'reader.lagging' ? 'undefined' : 'number');
});

test('the page has a row for each channel', () => {
  const page = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');
  for (const [name, when] of Object.entries(lifeCycleChannels))
    expect(page).toContain(`| \`twinproof.${name}\` | ${when} |`);
});

test('the messages of a turn, in order, without anything that was said', async () => {
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept' });
  const told = listen();
  await wholeTurn(engine, thread);
  await codex.close();
  const asked = ['question.received', 'approval.requested', 'approval.answered', 'question.answered'];
  expect(told.map(([name]) => name)).toEqual([
    ...['request.started', 'request.completed', 'turn.started', 'item.started', 'tool.started', ...asked],
    ...['item.completed', 'tool.completed', 'tokens.used', 'item.started', 'item.completed', 'turn.completed'],
    'client.closed',
  ]);
  const of = Object.fromEntries(told);
  expect(of['request.started']).toMatchObject({ method: 'turn/start', threadId: 'th' });
  expect(of['tool.completed']).toMatchObject({ tool: 'shell', status: 'completed', durationMs: 12, turnId: 't' });
  // The engine's clock was set back.
  expect(of['item.completed']).toMatchObject({ type: 'agentMessage', durationMs: 0 });
  expect(of['approval.answered']).toMatchObject({ kind: 'command', decision: 'accept', decidedBy: 'approvals' });
  expect(of['turn.completed']).toMatchObject({ status: 'completed', durationMs: 250, usage: breakdown(10, 3) });
  expect(JSON.stringify(told)).not.toMatch(/the prompt|the answer|curl/);
});

test('with content, requests and items are there', async () => {
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', telemetry: { content: true } });
  const told = listen();
  await wholeTurn(engine, thread);
  await codex.close();
  for (const said of ['the prompt', 'the answer', 'curl']) expect(JSON.stringify(told)).toContain(said);
});

test('a subscriber that throws breaks no turn: Node reports it as an uncaught exception afterwards', async () => {
  const uncaught: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  const throws = () => {
    throw new Error('no ear');
  };
  for (const name of names) channel(`twinproof.${name}`).subscribe(throws);
  try {
    const { engine, codex, thread } = await withThread({ approvals: () => 'accept' });
    await wholeTurn(engine, thread);
    await codex.close();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const name of names) channel(`twinproof.${name}`).unsubscribe(throws);
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  }
  expect(uncaught.length).toBeGreaterThan(10);
});

function otel(content = false) {
  const { meterProvider, ...made } = exporters();
  const telemetry = { tracerProvider: made.tracerProvider, meterProvider, content };
  return { ...made, config: { telemetry } };
}
const called = (spans: InMemorySpanExporter, name: string): ReadableSpan => {
  const found = spans.getFinishedSpans().find((span) => span.name === name);
  if (!found) throw new Error(`no span ${name} among ${spans.getFinishedSpans().map((span) => span.name)}`);
  return found;
};
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

test('spans of the client, its thread, turn, tool, message and approval, each below the other, with the names of the conventions', async () => {
  const { spans, config } = otel();
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', ...config });
  const request = await wholeTurn(engine, thread);
  await codex.close();
  const [client, own, turn, tool] = [
    'twinproof.client',
    'twinproof.thread',
    'invoke_agent codex',
    'execute_tool shell',
  ].map((name) => called(spans, name)) as [ReadableSpan, ReadableSpan, ReadableSpan, ReadableSpan];
  expect(parentOf(client)).toBeUndefined();
  expect([own, turn, tool].map(parentOf)).toEqual([client, own, turn].map((span) => span.spanContext().spanId));
  expect(parentOf(called(spans, 'twinproof.approval command'))).toBe(tool.spanContext().spanId);
  expect(parentOf(called(spans, 'twinproof.item agentMessage'))).toBe(turn.spanContext().spanId);
  expect(turn.attributes).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.name': 'codex',
    'gen_ai.conversation.id': 'th',
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 3,
    'twinproof.turn.id': 't',
    'twinproof.context.tokens': 13,
    'twinproof.context.window': 130,
  });
  expect(tool.attributes).toMatchObject({ 'gen_ai.tool.name': 'shell', 'gen_ai.tool.call.id': 'c' });
  expect(request.trace?.traceparent).toBe(`00-${turn.spanContext().traceId}-${turn.spanContext().spanId}-01`);
  expect(JSON.stringify(spans.getFinishedSpans().map(({ attributes, name }) => [name, attributes]))).not.toMatch(
    /the prompt|the answer|curl/,
  );
});

test('a turn is below what the program is doing, and links to its thread', async () => {
  const { spans, config, tracerProvider } = otel();
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', ...config });
  const outer = tracerProvider.getTracer('program').startSpan('handle request');
  await context.with(trace.setSpan(context.active(), outer), () => wholeTurn(engine, thread));
  outer.end();
  await codex.close();
  const turn = called(spans, 'invoke_agent codex');
  expect(parentOf(turn)).toBe(outer.spanContext().spanId);
  expect(turn.links[0]?.context.spanId).toBe(called(spans, 'twinproof.thread').spanContext().spanId);
});

test('with content, spans have what was said, without what looks like a secret', async () => {
  const { spans, config } = otel(true);
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', ...config });
  await wholeTurn(engine, thread, `use ${secret}`);
  await codex.close();
  const text = JSON.stringify(spans.getFinishedSpans().map(({ attributes }) => attributes));
  for (const said of ['the answer', 'curl', 'use ']) expect(text).toContain(said);
  expect(text).not.toContain(secret);
  const input = called(spans, 'invoke_agent codex').attributes['gen_ai.input.messages'];
  expect(JSON.parse(String(input))).toMatchObject([{ role: 'user', parts: [{ type: 'text' }] }]);
});

test('a failed turn, a refused command and a dead engine are errors of their spans', async () => {
  const { spans, config } = otel();
  await wholeLife({ approvals: () => 'decline', ...config });
  const turns = spans.getFinishedSpans().filter(({ name }) => name === 'invoke_agent codex');
  expect(turns.map(({ status, attributes }) => [status.code, attributes['error.type']])).toContainEqual([
    SpanStatusCode.ERROR,
    'serverOverloaded',
  ]);
  const clients = spans.getFinishedSpans().filter(({ name }) => name === 'twinproof.client');
  expect(clients.map(({ status }) => status.code)).toEqual([
    SpanStatusCode.UNSET,
    SpanStatusCode.UNSET,
    SpanStatusCode.ERROR,
    SpanStatusCode.ERROR,
  ]);
});

test('tokens, durations, the share of the context and approvals are metrics', async () => {
  const { metrics, reader, config } = otel();
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', ...config });
  await wholeTurn(engine, thread);
  await codex.close();
  await reader.forceFlush();
  const all = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: some }) => some));
  const points = (name: string) =>
    all
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [attributes, value as { sum?: number }] as const),
      );
  expect(points('gen_ai.client.token.usage').map(([of, { sum }]) => [of['gen_ai.token.type'], sum])).toEqual([
    ['input', 10],
    ['output', 3],
  ]);
  expect(points('gen_ai.client.operation.duration').map(([of, { sum }]) => [of['gen_ai.operation.name'], sum])).toEqual(
    [
      ['execute_tool', 0.012],
      ['invoke_agent', 0.25],
    ],
  );
  expect(points('twinproof.context.occupancy')[0]?.[1].sum).toBeCloseTo(0.1);
  expect(points('twinproof.approvals')[0]?.[0]).toMatchObject({ 'twinproof.approval.decision': 'accept' });
});

test('an exporter or a logger that throws breaks no turn, and is warned of once', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const fails = () => {
    throw new Error('no disk');
  };
  const tracerProvider = { getTracer: () => ({ startSpan: fails }) };
  const logger = { debug: fails, info: fails, warn: fails, error: fails };
  const { engine, codex, thread } = await withThread({
    approvals: () => 'accept',
    telemetry: { tracerProvider },
    logger,
  });
  await wholeTurn(engine, thread);
  await codex.close();
  expect(warn).toHaveBeenCalledTimes(1);
});

test.each([
  ...['getTracer', 'startSpan', 'setAttribute', 'setAttributes', 'setStatus', 'recordException', 'spanContext', 'end'],
  ...['getMeter', 'createHistogram', 'createCounter', 'record', 'add'],
])('an exporter that throws in %s breaks no turn', async (place) => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const method = (name: PropertyKey) => () => {
    if (name === place) throw new Error('no disk');
    return anything;
  };
  /** A tracer, a span, a meter or an instrument: every method gives another of them, but for the one that throws. */
  const anything: object = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : method(name)) });
  const provider = { getTracer: method('getTracer'), getMeter: method('getMeter') };
  const { engine, codex, thread } = await withThread({
    approvals: () => 'accept',
    telemetry: { tracerProvider: provider, meterProvider: provider } as never,
  });
  await wholeTurn(engine, thread);
  await codex.close();
});

test.each<[string, () => Promise<void>]>([
  ['rejects', () => Promise.reject(new Error('no disk'))],
  ['never comes to an end', () => new Promise(() => {})],
])('a logger that %s holds nothing up, and nobody has to hear of it', async (_how, log) => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  onTestFinished(() => {
    warn.mockRestore();
    process.off('unhandledRejection', hear);
  });
  const logger = { debug: log, info: log, warn: log, error: log };
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept', logger });
  await wholeTurn(engine, thread);
  await codex.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unheard).toEqual([]);
});

test('an aborted call is one that failed, for its channel and its span', async () => {
  const failed: unknown[] = [];
  const hear = (message: unknown) => void failed.push((message as { error: Error }).error.name);
  subscribe('twinproof.request.failed', hear);
  onTestFinished(() => void unsubscribe('twinproof.request.failed', hear));
  const { codex } = await withThread();
  const call = codex.models({ signal: AbortSignal.timeout(1) });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(failed).toEqual(['AbortError']);
  await codex.close();
});

test('a logger gets each step with its level and fields, without what was said and without secrets', async () => {
  const records: [string, object, string][] = [];
  const level = (name: string) => (fields: object, message: string) => void records.push([name, fields, message]);
  vi.stubEnv('MY_API_TOKEN', 'hunter2hunter2');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { engine, codex, thread } = await withThread({
    approvals: () => 'accept',
    telemetry: { content: true },
    logger: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
  });
  await wholeTurn(engine, thread);
  const refused = codex.models().catch(() => {});
  await engine.refuse(-32600, `bad key ${secret} and hunter2hunter2`);
  await refused;
  await codex.close();
  const all = JSON.stringify(records);
  expect(all).not.toMatch(/the prompt|the answer|curl|hunter2|sk-abc/);
  expect(records).toContainEqual([
    'info',
    expect.objectContaining({ event: 'twinproof.turn.completed', turnId: 't', status: 'completed' }),
    'twinproof.turn.completed',
  ]);
  expect(records.find(([name]) => name === 'warn')?.[1]).toMatchObject({
    event: 'twinproof.request.failed',
    error: { kind: 'invalid-request' },
  });
});

test('without listeners and options no request has a trace, and nothing is loaded', async () => {
  const { engine, codex, thread } = await withThread({ approvals: () => 'accept' });
  expect(await wholeTurn(engine, thread)).not.toHaveProperty('trace');
  await codex.close();
});
