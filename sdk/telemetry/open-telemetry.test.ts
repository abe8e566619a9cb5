import { context, createTraceState, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { toldClient } from './test-fixtures/told-client.ts';

/** The spans of a client that has started, told one message at a time. */
async function started(content = false) {
  const { sink, tell, spans, points } = await toldClient(content, 'turn/start');
  const ended = () =>
    spans.getFinishedSpans().map(({ name, attributes, status }) => ({
      name,
      attributes,
      error: status.code === SpanStatusCode.ERROR ? (attributes['error.type'] ?? true) : undefined,
    }));
  return { sink, tell, ended, points };
}

test('the version of the engine is on the client, where the engine tells it', async () => {
  for (const engineVersion of ['1.2.3', null]) {
    const { tell, ended } = await started();
    tell('client.started', { engineVersion });
    tell('client.closed');
    expect(ended()[0]?.attributes['twinproof.engine.version']).toBe(engineVersion ?? undefined);
  }
});

test('a start that is refused is a failed turn; one that no span was made for is none', async () => {
  const { tell, ended } = await started();
  tell('request.started', { method: 'thread/list' });
  tell('request.failed', { error: new TypeError('no') });
  expect(ended()).toEqual([]);
  tell('request.started', { params: {} });
  tell('request.failed', { error: new TypeError('no') });
  expect(ended()).toMatchObject([{ name: 'invoke_agent codex', error: 'TypeError' }]);
});

test('a start that fails after its turn has begun leaves the turn its own end', async () => {
  const { tell, ended } = await started();
  tell('request.started');
  tell('turn.started');
  tell('request.failed', { error: new Error('timed out') });
  expect(ended()).toEqual([]);
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  expect(ended()).toMatchObject([{ attributes: { 'twinproof.turn.id': 't' }, error: undefined }]);
});

test('a turn that begins before its answer is the one of the start; told twice, it is still one', async () => {
  const { sink, tell, ended } = await started();
  tell('request.started');
  tell('turn.started');
  tell('turn.started');
  sink.named?.('1', 't');
  sink.named?.('1', 't');
  tell('turn.completed', { status: 'completed', usage: null, durationMs: 5 });
  expect(ended()).toHaveLength(1);
});

test('a start that joins a turn which runs, or is over, is a span of its own', async () => {
  const { sink, tell, ended } = await started();
  tell('turn.started');
  tell('request.started', { requestId: '2' });
  sink.named?.('2', 't');
  expect(ended()).toMatchObject([{ attributes: { 'twinproof.turn.joined': 't' } }]);
  tell('turn.completed', { status: 'completed', usage: null, durationMs: null });
  tell('request.started', { requestId: '3' });
  sink.named?.('3', 't');
  expect(ended().filter(({ attributes }) => attributes['twinproof.turn.joined'] === 't')).toHaveLength(2);
});

test('a start taken for a turn that it is not keeps the span of that turn', async () => {
  const { sink, tell, ended } = await started();
  tell('turn.started', { turnId: 'other' });
  tell('request.started', { requestId: '2' });
  tell('turn.started', { turnId: 'goal' });
  sink.named?.('2', 'other');
  expect(ended()).toEqual([]);
  tell('turn.completed', { turnId: 'goal', status: 'completed', usage: null, durationMs: null });
  expect(ended()).toMatchObject([{ attributes: { 'twinproof.turn.joined': 'other', 'twinproof.turn.id': 'goal' } }]);
});

test.each([
  ['serverOverloaded', 'serverOverloaded'],
  [{ httpConnectionFailed: { status: 500 } }, 'httpConnectionFailed'],
  [undefined, 'failed'],
  [null, 'failed'],
])('a turn that fails by %j has that error', async (codexErrorInfo, type) => {
  const { tell, ended, points } = await started();
  tell('turn.started');
  tell('turn.failed', { status: 'failed', usage: null, durationMs: 1000, error: { message: 'no', codexErrorInfo } });
  expect(ended()).toMatchObject([{ error: type }]);
  expect(await points('gen_ai.client.operation.duration')).toMatchObject([{ attributes: { 'error.type': type } }]);
});

test('a turn that fails without an error fails by its status; the end of one that nobody knows is nothing', async () => {
  const { tell, ended } = await started();
  tell('turn.failed', { status: 'failed', usage: null, durationMs: null, error: null });
  expect(ended()).toEqual([]);
  tell('turn.started', { turnId: 'u' });
  tell('turn.failed', { turnId: 'u', status: 'failed', usage: null, durationMs: null, error: null });
  expect(ended()).toMatchObject([{ error: 'failed' }]);
});

test('tokens without a window have no share of it, and none of a kind are not recorded', async () => {
  const { tell, points } = await started();
  tell('tokens.used', {
    usage: { last: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, modelContextWindow: null },
  });
  expect(await points('gen_ai.client.token.usage')).toEqual([]);
  expect(await points('twinproof.context.occupancy')).toEqual([]);
  tell('tokens.used', { usage: { last: { inputTokens: 3, outputTokens: 1, totalTokens: 4 }, modelContextWindow: 8 } });
  expect(await points('gen_ai.client.token.usage')).toHaveLength(2);
  expect(await points('twinproof.context.occupancy')).toMatchObject([{ value: { sum: 0.5 } }]);
});

test.each([
  ['commandExecution', 'completed', 20, 'extension', undefined],
  ['dynamicToolCall', 'failed', 20, 'function', 'failed'],
  ['mcpToolCall', 'declined', null, 'extension', 'declined'],
  ['webSearch', null, null, 'extension', undefined],
])('the span of a tool: %s that ends as %s after %s ms', async (type, status, durationMs, kind, error) => {
  const { tell, ended, points } = await started();
  tell('item.started', { type });
  tell('tool.started', { type, tool: 'own' });
  tell('item.completed', { type });
  expect(ended()).toEqual([]);
  tell('tool.completed', { type, tool: 'own', status, durationMs });
  const [span] = ended();
  expect(span).toMatchObject({ name: 'execute_tool own', error, attributes: { 'gen_ai.tool.type': kind } });
  expect(span?.attributes['twinproof.item.status']).toBe(status ?? undefined);
  expect(await points('gen_ai.client.operation.duration')).toHaveLength(durationMs === null ? 0 : 1);
});

test.each([
  ['accept', 'accept'],
  [null, 'none'],
  [{ acceptWithExecpolicyAmendment: ['rm -rf secret'] }, 'acceptWithExecpolicyAmendment'],
  [{}, 'none'],
  [undefined, 'none'],
])('an approval decided as %j has its word alone', async (decision, word) => {
  const { tell, ended, points } = await started();
  const approval = { itemId: null, turnId: null, kind: 'command' };
  tell('approval.requested', approval);
  tell('approval.answered', { ...approval, decision, decidedBy: 'approvals' });
  expect(ended()).toMatchObject([{ attributes: { 'twinproof.approval.decision': word }, error: undefined }]);
  expect(JSON.stringify(ended())).not.toContain('secret');
  expect(await points('twinproof.approvals')).toMatchObject([{ attributes: { 'twinproof.approval.decision': word } }]);
});

test('a handler of approvals that throws is an error of its span', async () => {
  const { tell, ended } = await started();
  const approval = { itemId: null, turnId: null, kind: 'command' };
  tell('approval.requested', approval);
  tell('approval.answered', { ...approval, decision: null, decidedBy: 'approvals', error: 'a text' });
  expect(ended()).toMatchObject([{ error: '_OTHER' }]);
});

test('what is open when the engine exits has failed, but for threads; when the client closes, it has ended', async () => {
  for (const error of [new RangeError('gone'), undefined]) {
    const { tell, ended } = await started();
    tell('thread.started', { model: null, modelProvider: null });
    tell('request.started');
    tell('turn.started', { turnId: 'other' });
    tell('item.started', { type: 'plan', turnId: 'other' });
    tell('approval.requested', { itemId: null, turnId: null, kind: 'command' });
    if (error) tell('engine.exited', { error });
    else tell('client.closed');
    const open = ['twinproof.approval command', 'twinproof.item plan', 'invoke_agent codex'];
    expect(ended().map(({ name, error: of }) => [name, of])).toEqual([
      ...open.map((name) => [name, error && 'RangeError']),
      ['twinproof.thread', undefined],
      ['twinproof.client', error && 'RangeError'],
    ]);
  }
});

test('a request outside of a turn carries the span of what the program does, with its state, else that of the client', async () => {
  const { sink } = await started();
  expect(sink.trace?.('9')).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
  const spanContext = {
    ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.NONE },
    traceState: createTraceState('vendor=x'),
  };
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => void context.disable());
  const carried = context.with(trace.setSpanContext(context.active(), spanContext), () => sink.trace?.('9'));
  expect(carried).toEqual({ traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`, tracestate: 'vendor=x' });
});

test('without a client there is nothing to carry', async () => {
  const { sink, tell } = await started();
  tell('client.closed');
  expect(sink.trace?.('9')).toBeUndefined();
});

test('input that is no list of parts, or has parts that are no text, is told as it is', async () => {
  const { tell, ended } = await started(true);
  tell('request.started', {
    params: {
      input: [
        { type: 'text', text: 'hi' },
        { type: 'image', url: 'u' },
      ],
    },
  });
  tell('request.started', { requestId: '2', params: { input: { type: 'text', text: 'one' } } });
  tell('request.started', { requestId: '3', params: undefined });
  tell('client.closed');
  const said = ended().map(({ attributes }) => attributes['gen_ai.input.messages']);
  expect(said.slice(0, 3)).toEqual([
    '[{"role":"user","parts":[{"type":"text","content":"hi"},{"type":"image","url":"u"}]}]',
    '[{"role":"user","parts":[{"type":"text","content":"one"}]}]',
    undefined,
  ]);
});
