import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from 'twinproof/testing';
import { ask } from './agent.js';

const threadId = 'thread-1';
const status = (state, error = null) => ({ threadId, name: 'db', status: state, error, failureReason: null });
const item = (tool, state) => ({
  ...{ type: 'mcpToolCall', id: 'call', server: 'db', tool, arguments: {} },
  ...{ status: state, result: null, error: null, durationMs: null },
});

/** An engine whose server ends in the first call, and is there again for the second. */
function crashing() {
  let running = true;
  const reloaded = Promise.withResolvers?.() ?? deferred();
  const turn = (state) => ({ threadId, turn: { id: 'turn', items: [], status: state, error: null } });
  const ended = (one) => ({ threadId, turnId: 'turn', completedAtMs: 0, item: one });
  return memoryEngine({
    'turn/start': (_, { emit }) => {
      setImmediate(async () => {
        emit('mcpServer/startupStatus/updated', status('ready'));
        emit('turn/started', turn('inProgress'));
        running = false;
        emit('item/completed', ended(item('tables', 'failed')));
        await reloaded.promise;
        emit('mcpServer/startupStatus/updated', status('ready'));
        emit('item/completed', ended(item('tables', 'completed')));
        emit('item/completed', ended({ type: 'agentMessage', id: 'm', text: 'Orders.' }));
        emit('turn/completed', turn('completed'));
      });
      return { turn: { id: 'turn', items: [], status: 'inProgress', error: null } };
    },
    'mcpServerStatus/list': () => ({
      data: [{ name: 'db', runtimeStatus: running ? 'connected' : 'failed' }],
      nextCursor: null,
    }),
    'config/mcpServer/reload': () => {
      running = true;
      reloaded.resolve();
      return {};
    },
  });
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

test('a server that crashes is started again, and the answer comes', async () => {
  const engine = crashing();
  const { answer, happened } = await ask('Which table is the largest?', { transport: engine.transport });
  assert.equal(answer, 'Orders.');
  assert.deepEqual(happened, ['db ready', 'db crashed', 'db restarting', 'db ready']);
  const started = engine.sent.find(({ method }) => method === 'thread/start');
  assert.deepEqual(started.params.config, {
    mcp_servers: { db: { command: 'npx', args: ['db-mcp'], env_vars: ['DB_URL'] } },
  });
});

test('a server that cannot be started is told with the reason', async () => {
  const engine = memoryEngine({
    'turn/start': (_, { emit }) => {
      emit('mcpServer/startupStatus/updated', status('failed', 'No such file'));
      return 'I cannot look it up.';
    },
  });
  const { answer, happened } = await ask('Which table is the largest?', { transport: engine.transport });
  assert.equal(answer, 'I cannot look it up.');
  assert.deepEqual(happened, ['db failed: No such file']);
});
