import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransportClosedError } from 'twinproof';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { review } from './agent.js';

test('puts the text into the prompt and returns the answer', async () => {
  const engine = memoryEngine({ 'turn/start': ({ input }) => `Read: ${input[0].text}` });
  assert.equal(await review('abc', { transport: engine.transport }), 'Read: Review this text:\nabc');
  await engine.finish();
});

test('starts a read-only thread', async (t) => {
  const engine = await fakeEngine([
    { expect: 'thread/start', params: { sandbox: 'read-only' } },
    { answer: 'thread/start' },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { send: 'item/completed', params: { item: { type: 'agentMessage', text: 'Fine.' } } },
    { send: 'turn/completed' },
  ]);
  t.after(() => engine.close());
  assert.equal(await review('abc', engine.config), 'Fine.');
  await engine.finish();
});

test('reports an agent that says nothing', async (t) => {
  const engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { send: 'turn/completed' },
  ]);
  t.after(() => engine.close());
  assert.equal(await review('abc', engine.config), 'The agent said nothing.');
  await engine.finish();
});

test('rejects when the engine dies during the answer', async (t) => {
  const engine = await fakeEngine([
    { auto: ['thread/start'] },
    { expect: 'turn/start' },
    { answer: 'turn/start' },
    { send: 'item/agentMessage/delta', params: { delta: 'Fi' } },
    { stderr: 'out of memory\n' },
    { exit: 137 },
  ]);
  t.after(() => engine.close());
  await assert.rejects(review('abc', engine.config), (error) => {
    assert.ok(error instanceof TransportClosedError);
    assert.match(error.message, /out of memory/);
    return true;
  });
  await engine.finish();
});
