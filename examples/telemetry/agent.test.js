import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { memoryEngine } from 'twinproof/testing';
import { audited } from './agent.js';

const breakdown = (totalTokens) => ({
  inputTokens: totalTokens,
  outputTokens: 0,
  cachedInputTokens: 0,
  reasoningOutputTokens: 0,
  totalTokens,
});

/** An engine whose agent runs a command, and asks its model twice. */
const busy = () =>
  memoryEngine({
    'turn/start': ({ threadId }, { emit }) => {
      const of = { threadId, turnId: 'turn-9' };
      const item = { type: 'commandExecution', id: 'c', command: 'npm test', status: 'completed', durationMs: 40 };
      setImmediate(() => {
        emit('turn/started', { ...of, turn: { id: 'turn-9' } });
        emit('item/started', { ...of, item });
        emit('item/completed', { ...of, item });
        emit('thread/tokenUsage/updated', {
          ...of,
          tokenUsage: { total: breakdown(30), last: breakdown(30), modelContextWindow: 100 },
        });
        emit('thread/tokenUsage/updated', {
          ...of,
          tokenUsage: { total: breakdown(50), last: breakdown(20), modelContextWindow: 100 },
        });
        emit('turn/completed', { ...of, turn: { id: 'turn-9', items: [], status: 'completed', error: null } });
      });
      return { turn: { id: 'turn-9', items: [], status: 'inProgress', error: null } };
    },
  });

test('the channels tell tools and tokens, and the log has one line for each step', async () => {
  const lines = [];
  const audit = await audited('Go.', { log: (line) => lines.push(line) }, { transport: busy().transport });
  assert.deepEqual(audit, {
    tools: [{ tool: 'shell', status: 'completed', durationMs: 40 }],
    tokens: 50,
    failures: [],
  });
  assert.deepEqual(
    lines,
    ['client.started', 'thread.started', 'turn.started', 'turn.completed', 'client.closed'].map(
      (name) => `twinproof.${name}`,
    ),
  );
});

test('the same is a trace', async () => {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  await audited('Go.', { tracerProvider }, { transport: busy().transport });
  const names = spans.getFinishedSpans().map(({ name }) => name);
  assert.deepEqual(names, ['execute_tool shell', 'invoke_agent codex', 'twinproof.thread', 'twinproof.client']);
});

test('what goes wrong is told too', async () => {
  const engine = memoryEngine({
    'turn/start': () => {
      throw new Error('no more');
    },
  });
  const { failures } = await audited('Go.', {}, { transport: engine.transport });
  assert.equal(failures.length, 1);
  assert.match(failures[0], /^turn\/start: .*no more/);
});
