import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from 'twinproof/testing';
import { triage } from './triage.js';

/** An engine whose turns end with these answers, one after the other. */
const engineWith = (...answers) => memoryEngine({ 'turn/start': () => answers.shift() ?? 'I have no more to say.' });

test('returns what the agent found, without what is not there', async () => {
  const engine = engineWith('{"severity":"high","component":"sdk","duplicateOf":null}');
  assert.deepEqual(await triage('It crashes.', { transport: engine.transport }), {
    severity: 'high',
    component: 'sdk',
  });
  const { outputSchema } = await engine.received('turn/start');
  assert.deepEqual(outputSchema.required, ['severity', 'component', 'duplicateOf']);
  await engine.finish();
});

test('asks once more for an answer that does not fit, and says why', async () => {
  const engine = engineWith(
    '{"severity":"awful","component":"sdk","duplicateOf":null}',
    '{"severity":"high","component":"sdk","duplicateOf":7}',
  );
  const found = await triage('It crashes.', { transport: engine.transport });
  assert.deepEqual(found, { severity: 'high', component: 'sdk', duplicateOf: 7 });
  const again = await engine.received('turn/start', 2);
  assert.match(again.input[0].text, /severity/);
  await engine.finish();
});

test('gives up after that', async () => {
  const engine = engineWith('It is awful.', 'Really.');
  assert.equal(await triage('It crashes.', { transport: engine.transport }), undefined);
  await engine.finish();
});
