import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Codex } from 'twinproof';
import { fakeEngine } from 'twinproof/testing';
import { show } from './dashboard.js';

test('the screen shows an item before its question, and every thread, whoever has started its turn', async () => {
  const engine = await fakeEngine(`
    - expect: thread/start
    - answer: thread/start
    - { expect: turn/start, as: start }
    - { answer: start, result: { turn: { id: own } } }
    - { send: turn/started, params: { threadId: sub-agent, turn: { id: of-the-sub-agent } } }
    - { send: turn/started, params: { threadId: "\${start.threadId}", turn: { id: own } } }
    - { send: item/started, params: { threadId: "\${start.threadId}", turnId: own, item: { id: command, type: commandExecution } } }
    - { request: item/commandExecution/requestApproval, as: ask, params: { threadId: "\${start.threadId}", turnId: own, itemId: command, command: ls } }
    - { expect-reply: ask, result: { decision: decline } }
    - { send: serverRequest/resolved, params: { threadId: "\${start.threadId}", requestId: 0 } }
    - { send: item/agentMessage/delta, params: { threadId: "\${start.threadId}", turnId: own, itemId: m, delta: As you wish. } }
    - { send: turn/completed, params: { threadId: "\${start.threadId}", turn: { id: own } } }
  `);
  let picture;
  const atQuestion = [];
  const codex = new Codex({
    ...engine.config,
    onServerRequest: ({ params }) => {
      atQuestion.push(Object.values(picture.threads).flatMap(({ items }) => Object.keys(items)));
      assert.equal(picture.questions[0].itemId, params.itemId);
      return { decision: 'decline' };
    },
  });
  const shown = show(codex, (next) => {
    picture = next;
  });
  shown.catch(() => {});
  const thread = await codex.threadStart();
  const turn = await thread.turn('List the files.');
  const states = [];
  for await (const state of turn.states()) states.push(state);
  assert.equal(states.at(-1), 'completed');
  await codex.close();
  await assert.rejects(shown, { name: 'TransportClosedError' });
  assert.deepEqual(atQuestion, [['command']]);
  assert.deepEqual(picture.questions, {});
  assert.equal(picture.threads[thread.id].text, 'As you wish.');
  assert.equal(picture.threads[thread.id].state, 'completed');
  assert.equal(picture.threads['sub-agent'].state, 'running');
  await engine.finish();
});
