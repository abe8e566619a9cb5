import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APICallError } from '@ai-sdk/provider';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { judge } from './agent.js';

const tracker = { read: async (id) => ({ id, title: 'Rain in the cellar' }) };

test('a whole turn: a command, a tool of ours, a report', async () => {
  const engine = await fakeEngine(`
    - { expect: thread/start, params: { sandbox: read-only, dynamicTools: [{ name: read_ticket }] } }
    - answer: thread/start
    - expect: turn/start
    - answer: turn/start
    - send: item/completed
      params: { item: { type: commandExecution, id: c, command: git log, cwd: /, commandActions: [], status: completed, exitCode: 0 } }
    - { send: item/started, params: { item: { type: dynamicToolCall, id: t, tool: read_ticket, arguments: { id: T-1 }, status: inProgress } } }
    - { request: item/tool/call, as: call, params: { callId: t, tool: read_ticket, arguments: { id: T-1 } } }
    - { expect-reply: call, result: { success: true } }
    - send: item/completed
      params: { item: { type: agentMessage, id: m, text: '{"summary":"Wet.","risk":"high"}', phase: final_answer } }
    - send: turn/completed
  `);
  const { report, commands } = await judge('T-1', tracker, engine.config);
  assert.deepEqual([report, commands], [{ summary: 'Wet.', risk: 'high' }, ['git log']]);
  await engine.finish();
});

test('an engine that refuses', async () => {
  const engine = memoryEngine({
    'thread/start': () => {
      throw new Error('no');
    },
  });
  await assert.rejects(judge('T-1', tracker, { transport: engine.transport }), (error) =>
    APICallError.isInstance(error),
  );
  await engine.close();
});
