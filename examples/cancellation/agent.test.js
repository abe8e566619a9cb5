import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from 'twinproof/testing';
import { work } from './agent.js';

const threadId = 'thread-1';
const turn = (status) => ({ threadId, turn: { id: 'turn-9', items: [], status, error: null } });

/** An engine whose turn says one word and goes on until it is interrupted. */
function endless() {
  return memoryEngine({
    'turn/start': (_, { emit }) => {
      setImmediate(() => {
        emit('turn/started', turn('inProgress'));
        emit('item/agentMessage/delta', { threadId, turnId: 'turn-9', itemId: 'm', delta: 'Well, ' });
      });
      return { turn: { id: 'turn-9', items: [], status: 'inProgress', error: null } };
    },
    'turn/interrupt': (_, { emit }) => {
      setImmediate(() => emit('turn/completed', turn('interrupted')));
      return {};
    },
  });
}

const methods = (engine) => engine.sent.map(({ method }) => method).filter((method) => method?.startsWith('turn/'));

test('nobody stops it: it ends by itself', async () => {
  const engine = memoryEngine({ 'turn/start': () => 'Done.' });
  const { signal } = new AbortController();
  assert.deepEqual(await work('Go.', { signal }, { transport: engine.transport }), {
    ended: 'completed',
    text: 'Done.',
  });
  assert.deepEqual(methods(engine), ['turn/start']);
});

test('stopped in mid-turn: the engine is told, and what was said is kept', async () => {
  const engine = endless();
  const abort = new AbortController();
  const options = { signal: abort.signal, onText: () => abort.abort() };
  assert.deepEqual(await work('Go.', options, { transport: engine.transport }), {
    ended: 'interrupted',
    text: 'Well, ',
  });
  assert.deepEqual(methods(engine), ['turn/start', 'turn/interrupt']);
});

test('stopped before: the agent never begins', async () => {
  const engine = endless();
  const options = { signal: AbortSignal.abort() };
  assert.deepEqual(await work('Go.', options, { transport: engine.transport }), { ended: 'before it began', text: '' });
  assert.deepEqual(methods(engine), []);
});
