import assert from 'node:assert/strict';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { memoryEngine } from 'twinproof/testing';
import { mend } from './agent.js';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

const exists = (file) =>
  access(file).then(
    () => true,
    () => false,
  );

/** An engine whose agent makes the file in its nth turn, and what it was told in each. */
function agent(file, n) {
  const told = [];
  const engine = memoryEngine({
    'turn/start': async ({ input }) => {
      told.push(input[0].text);
      if (told.length === n) await writeFile(file, '');
      return `turn ${told.length}`;
    },
  });
  return { engine, told };
}

/** A program that succeeds once the file is there. */
const checkOf = (file) => [
  process.execPath,
  '--eval',
  `console.log('looking'); require('fs').accessSync(process.argv[1])`,
  file,
];

test('it works until the check succeeds, and the agent is told how it failed', async () => {
  const done = join(folder, 'done');
  const file = join(folder, 'state.json');
  const { engine, told } = agent(done, 2);
  assert.equal(await mend('Make the file.', { check: checkOf(done), file }, { transport: engine.transport }), 'until');
  assert.equal(told.length, 2);
  assert.match(told[1], /ended with exit code 1[\s\S]*looking[\s\S]*ENOENT/);
  assert.equal(await exists(file), false);
});

test('a run that has used up its turns is continued no further; one that was stopped is, in another client', async () => {
  const done = join(folder, 'done');
  const file = join(folder, 'state.json');
  const abort = new AbortController();
  const options = { check: checkOf(done), file };
  const first = agent(done, 9);
  const onTurn = (_, { number }) => number === 2 && abort.abort();
  const config = { transport: first.engine.transport };
  assert.equal(await mend('Go.', { ...options, signal: abort.signal, onTurn }, config), 'aborted');
  assert.equal(first.told.length, 2);
  const second = agent(done, 9);
  assert.equal(await mend('Go.', options, { transport: second.engine.transport }), 'maxTurns');
  assert.equal(second.told.length, 3);
  assert.equal(second.told[0], 'Continue.');
});
