import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { ask, trackerTools } from './agent.js';

function tracker() {
  const closed = [];
  return {
    closed,
    read: async (id) => ({ id, title: 'Rain in the cellar', open: true }),
    close: async (id, reason) => {
      if (id === 'T-0') throw new Error('T-0 is locked');
      closed.push([id, reason]);
    },
  };
}

const text = (said) => [{ type: 'inputText', text: said }];

test('the tools do what the model asks for, and tell it what went wrong', async () => {
  const engine = memoryEngine();
  const own = tracker();
  const { id: threadId } = await engine.codex().threadStart({ tools: trackerTools(own) });
  const call = (tool, args) =>
    engine.ask('item/tool/call', { threadId, turnId: 'turn', callId: 'call', tool, arguments: args });

  assert.deepEqual(await call('read_ticket', { id: 'T-42' }), {
    contentItems: text('{"id":"T-42","title":"Rain in the cellar","open":true}'),
    success: true,
  });
  assert.deepEqual(await call('close_ticket', { id: 'T-42', reason: 'fixed' }), {
    contentItems: text('T-42 is closed'),
    success: true,
  });
  assert.deepEqual(own.closed, [['T-42', 'fixed']]);

  const refused = await call('read_ticket', { id: '42' });
  assert.equal(refused.success, false);
  assert.match(refused.contentItems[0].text, /The arguments of read_ticket do not fit:\n- id: /);

  const failed = await call('close_ticket', { id: 'T-0', reason: 'fixed' });
  assert.deepEqual(failed, { contentItems: text('close_ticket failed: T-0 is locked'), success: false });
  await engine.finish();
});

test('a whole turn: the agent reads a ticket and answers', async () => {
  const engine = await fakeEngine(`
    - { expect: thread/start, params: { dynamicTools: [{ name: read_ticket }, { name: close_ticket }] } }
    - answer: thread/start
    - expect: turn/start
    - answer: turn/start
    - { request: item/tool/call, as: call, params: { callId: c, tool: read_ticket, arguments: { id: T-42 } } }
    - { expect-reply: call, result: { success: true } }
    - { send: item/completed, params: { item: { type: agentMessage, id: m, text: It is open., phase: final_answer } } }
    - send: turn/completed
  `);
  const { answer } = await ask('Is T-42 open?', tracker(), { config: engine.config });
  assert.equal(answer, 'It is open.');
  await engine.finish();
});

test('a conversation that is continued has the same tools', async () => {
  const engine = memoryEngine({
    'turn/start': async ({ threadId }, { ask: call }) => {
      const params = { threadId, turnId: 'turn', callId: 'call', tool: 'read_ticket', arguments: { id: 'T-1' } };
      const { success } = await call('item/tool/call', params);
      return success ? 'It is still open.' : 'I cannot say.';
    },
  });
  const config = { transport: engine.transport };
  const { answer } = await ask('And now?', tracker(), { config, threadId: 'thread-1' });
  assert.equal(answer, 'It is still open.');
  await engine.finish();
});
