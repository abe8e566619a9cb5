import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from 'twinproof/testing';
import { answer } from './agent.js';

const ask = (signal) => new Request('http://localhost/', { method: 'POST', body: 'Go.', signal });
const threadId = 'thread-1';
const turnId = 'turn-9';
const turn = (status, error = null) => ({ threadId, turn: { id: turnId, items: [], status, error } });
const delta = (text) => ['item/agentMessage/delta', { threadId, turnId, itemId: 'm', delta: text }];
const started = { turn: { id: turnId, items: [], status: 'inProgress', error: null } };

test('the text is the body, the items are the log', async () => {
  const items = [];
  const engine = memoryEngine({ 'turn/start': ({ input }) => `You said: ${input[0].text}` });
  const { response, logged } = await answer(
    ask(),
    { onItem: (item) => items.push(item.type) },
    { transport: engine.transport },
  );
  assert.equal(await response.text(), 'You said: Go.');
  await logged;
  assert.deepEqual(items, ['agentMessage']);
});

test('the text comes before the turn is over', async () => {
  const engine = memoryEngine({
    'turn/start': (_, { emit }) => {
      setImmediate(() => emit(...delta('Well, ')));
      return started;
    },
  });
  const { response, logged } = await answer(ask(), {}, { transport: engine.transport });
  const reader = response.body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'Well, ');
  engine.emit(...delta('well.'));
  engine.emit('turn/completed', turn('completed'));
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'well.');
  assert.equal((await reader.read()).done, true);
  await logged;
});

test('a request that is given up stops the turn', async () => {
  const given = new AbortController();
  const engine = memoryEngine({
    'turn/start': () => started,
    'turn/interrupt': (_, { emit }) => {
      setImmediate(() => emit('turn/completed', turn('interrupted')));
      return {};
    },
  });
  const { response, logged } = await answer(ask(given.signal), {}, { transport: engine.transport });
  given.abort();
  assert.equal(await response.text(), '');
  await logged;
  assert.ok(engine.sent.some(({ method }) => method === 'turn/interrupt'));
});

test('the body of a failed turn fails', async () => {
  const engine = memoryEngine({
    'turn/start': (_, { emit }) => {
      setImmediate(() => emit('turn/completed', turn('failed', { message: 'no model' })));
      return started;
    },
  });
  const { response, logged } = await answer(ask(), {}, { transport: engine.transport });
  await assert.rejects(response.text(), /no model/);
  await logged;
});
