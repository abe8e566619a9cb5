import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, methods } from '@agentclientprotocol/sdk';
import { fakeEngine } from 'twinproof/testing';
import { serve } from './agent.js';

/** Two ends of one stream. */
function streams() {
  const [one, other] = [new TransformStream(), new TransformStream()];
  return [
    { readable: one.readable, writable: other.writable },
    { readable: other.readable, writable: one.writable },
  ];
}

test('an editor asks, allows a command, and sees the answer as it comes', async () => {
  const engine = await fakeEngine(`
    - { auto: [account/read, model/list] }
    - { expect: thread/start, params: { cwd: /project, dynamicTools: [{ name: ticket }] } }
    - answer: thread/start
    - expect: turn/start
    - answer: turn/start
    - { request: item/commandExecution/requestApproval, as: asked, params: { itemId: c, command: npm test } }
    - { expect-reply: asked, result: { decision: accept } }
    - { send: item/started, params: { item: { type: agentMessage, id: m, text: '' } } }
    - { send: item/agentMessage/delta, params: { itemId: m, delta: The tests pass. } }
    - { send: item/completed, params: { item: { type: agentMessage, id: m, text: The tests pass. } } }
    - send: turn/completed
  `);
  const [ours, theirs] = streams();
  const stop = new AbortController();
  const tracker = { read: async (id) => `${id} is open` };
  const served = serve(tracker, { stream: ours, config: engine.config, signal: stop.signal });

  const said = [];
  const { agent } = client({ name: 'editor' })
    .onRequest(methods.client.session.requestPermission, ({ params: { options } }) => {
      const { optionId } = options.find(({ kind }) => kind === 'allow_once');
      return { outcome: { outcome: 'selected', optionId } };
    })
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      if (update.sessionUpdate === 'agent_message_chunk') said.push(update.content.text);
    })
    .connect(theirs);
  await agent.request('initialize', { protocolVersion: 1 });
  const { sessionId } = await agent.request('session/new', { cwd: '/project', mcpServers: [] });
  const prompt = [{ type: 'text', text: 'Do the tests pass?' }];
  assert.deepEqual(await agent.request('session/prompt', { sessionId, prompt }), { stopReason: 'end_turn' });
  assert.deepEqual(said, ['The tests pass.']);
  stop.abort();
  await served;
  await engine.finish();
});
