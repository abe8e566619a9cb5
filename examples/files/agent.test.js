import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { fakeEngine, memoryEngine } from 'twinproof/testing';
import { describe } from './agent.js';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const upload = (name, ...pieces) => ({ name, body: Readable.from(pieces) });

test('pictures reach the agent; what is none is told to its user', async () => {
  let input = [];
  const engine = memoryEngine({
    'turn/start': (params) => {
      input = params.input;
      assert.ok(existsSync(input[1].path));
      return 'A cat, and another one.';
    },
  });
  const uploads = [upload('cat.png', png, 'one'), upload('../notes.png', 'a text'), upload('cat2.png', png, 'two')];
  assert.deepEqual(await describe(uploads, { transport: engine.transport }), {
    answer: 'A cat, and another one.',
    refused: ['Staging notes.png: expected one of image/*, got application/octet-stream.'],
  });
  assert.deepEqual(
    input.map(({ type }) => type),
    ['text', 'localImage', 'localImage'],
  );
  assert.equal(existsSync(input[1].path), false);
});

test('a picture that is too large is refused while it comes, and nobody is asked', async () => {
  const engine = memoryEngine();
  const large = upload('big.png', png, ...Array.from({ length: 6 }, () => Buffer.alloc(1_000_000)));
  const { answer, refused } = await describe([large], { transport: engine.transport });
  assert.equal(answer, '');
  assert.match(refused[0], /expected at most 5000000 bytes/);
  assert.ok(!engine.sent.some(({ method }) => method === 'turn/start'));
});

test('an engine that dies leaves no file behind', async (t) => {
  const engine = await fakeEngine([{ auto: ['thread/start'] }, { expect: 'turn/start' }, { exit: 101 }]);
  t.after(() => engine.close());
  await assert.rejects(describe([upload('cat.png', png)], engine.config), /exit code 101/);
  await engine.finish();
});
