import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { askForTests, guard, work } from './agent.js';

const running = (command) => guard({ toolName: 'Bash', toolInput: { command } });

test('a command that removes folders or reads what is protected is refused', () => {
  assert.match(running('rm -rf build').block, /not removed/);
  assert.match(running('cat .env').block, /\.env is not for you/);
  assert.equal(running('ls'), undefined);
});

test('the agent is asked for its tests, once', () => {
  const stopping = (lastAssistantMessage, stopHookActive = false) =>
    askForTests({ lastAssistantMessage, stopHookActive });
  assert.match(stopping('Done.').block, /which tests/);
  assert.equal(stopping('Done, and the tests pass.'), undefined);
  assert.equal(stopping('Done.', true), undefined);
});

test('in the middle of a turn, the engine asks what the program has set up', async () => {
  const answers = [];
  const engine = memoryEngine({
    'turn/start': async ({ threadId }, { hook }) => {
      answers.push(await hook('userPromptSubmit', { threadId, prompt: 'Clean up.' }));
      answers.push(await hook('preToolUse', { threadId, toolName: 'Bash', toolInput: { command: 'rm -rf build' } }));
      answers.push(await hook('preToolUse', { threadId, toolName: 'apply_patch', toolInput: {} }));
      return 'Done.';
    },
  });
  assert.equal(await work('Clean up.', { transport: engine.transport }, () => new Date('2026-11-30')), 'Done.');
  assert.deepEqual(answers[0], { context: 'Today is 2026-11-30.' });
  assert.match(answers[1].block, /not removed/);
  assert.equal(answers[2], undefined);
  await engine.finish();
});

test('an engine that would ignore the hooks is not used', async () => {
  const engine = await fakeEngine([{ expect: 'hooks/list' }, { answer: 'hooks/list', result: { data: [] } }]);
  try {
    const config = { codexBin: engine.codexBin, env: engine.env };
    await assert.rejects(work('Clean up.', config), /expected a trusted hook, got none/);
  } finally {
    await engine.close();
  }
});
