import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { work } from './agent.js';

const ids = { threadId: 'thread-1', turnId: 'turn-9', itemId: 'item-1' };
const never = () => assert.fail('nobody is asked');

/** An engine whose agent runs these commands, each if it is allowed to, and then says which it ran. */
function engineOf(commands) {
  return memoryEngine({
    'turn/start': async (_, { ask }) => {
      const ran = [];
      for (const { command, type } of commands) {
        const { decision } = await ask('item/commandExecution/requestApproval', {
          ...ids,
          command: `/bin/bash -lc '${command}'`,
          commandActions: [{ type, command }],
        });
        if (decision === 'accept') ran.push(command);
      }
      return ran.join(', ');
    },
  });
}

test('reads and tests without a question; the trail says who decided', async () => {
  const engine = engineOf([
    { command: 'cat package.json', type: 'read' },
    { command: 'npm test', type: 'unknown' },
  ]);
  const trail = [];
  assert.equal(await work('Test it.', never, trail, { transport: engine.transport }), 'cat package.json, npm test');
  assert.deepEqual(trail, [
    ['command', 'accept', 'readOnly'],
    ['command', 'accept', 'allowCommands'],
  ]);
  const { approvalsReviewer } = await engine.received('thread/start');
  assert.equal(approvalsReviewer, 'user');
  await engine.finish();
});

test('asks about anything else, and shows the whole command', async () => {
  const engine = engineOf([{ command: 'npm test && npm publish', type: 'unknown' }]);
  const asked = [];
  const ask = async (question) => asked.push(question) > 0;
  assert.equal(await work('Publish it.', ask, [], { transport: engine.transport }), 'npm test && npm publish');
  assert.deepEqual(asked, ["/bin/bash -lc 'npm test && npm publish'"]);
  await engine.finish();
});

test('shows the whole diff; a refusal interrupts the turn', async (t) => {
  const engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    {
      send: 'item/started',
      params: {
        item: {
          type: 'fileChange',
          id: 'item-1',
          changes: [{ path: 'a.txt', kind: { type: 'add' }, diff: 'hello\n' }],
        },
      },
    },
    { request: 'item/fileChange/requestApproval', as: 'asked', params: { itemId: 'item-1' } },
    { expect: 'turn/interrupt' },
    { answer: 'turn/interrupt' },
    { 'expect-reply': 'asked', result: { decision: 'decline' } },
    { send: 'turn/completed', params: { turn: { status: 'interrupted' } } },
  ]);
  t.after(() => engine.close());
  const asked = [];
  const refuse = async (question) => asked.push(question) < 0;
  assert.equal(await work('Greet.', refuse, [], engine.config), 'refused: fileChange');
  assert.deepEqual(asked, ['--- /dev/null\n+++ a.txt\n@@ -0,0 +1 @@\n+hello\n']);
  await engine.finish();
});

test('a question is taken back when the engine dies', async (t) => {
  const engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { request: 'item/commandExecution/requestApproval', params: { command: 'make' } },
    { exit: 137 },
  ]);
  t.after(() => engine.close());
  let takenBack;
  const back = new Promise((resolve) => {
    takenBack = resolve;
  });
  const trail = [];
  const waits = (_, signal) =>
    new Promise(() => (signal.aborted ? takenBack() : signal.addEventListener('abort', takenBack)));
  await assert.rejects(work('Build it.', waits, trail, engine.config), { kind: 'engine-exited' });
  await back;
  assert.deepEqual(trail, [['command', null, 'engine']]);
  await engine.finish();
});
