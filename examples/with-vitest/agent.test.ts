import { fileURLToPath } from 'node:url';
import { fakeEngine, memoryEngine, replay } from 'twinproof/testing';
import { expect, test } from 'vitest';
import { explain } from './agent.ts';

test('puts the topic into the prompt', async () => {
  const engine = memoryEngine({ 'turn/start': () => 'Rain is wet.' });
  const pieces: string[] = [];
  expect(await explain('rain', (piece) => pieces.push(piece), { transport: engine.transport })).toBe('Rain is wet.');
  expect(pieces).toEqual(['Rain is wet.']);
  expect(await engine.received('turn/start')).toMatchObject({ input: [{ type: 'text', text: 'Explain rain.' }] });
  await engine.finish();
});

test('interrupts the turn when stopped, and keeps the text so far', async () => {
  await using engine = await fakeEngine(`
    - auto: [thread/start]
    - expect: turn/start
    - answer: turn/start
    - { send: item/agentMessage/delta, params: { delta: "Rain " } }
    - expect: turn/interrupt
    - answer: turn/interrupt
    - { send: turn/completed, params: { turn: { status: interrupted } } }
  `);
  const stop = new AbortController();
  expect(await explain('rain', () => stop.abort(), engine.config, stop.signal)).toBe('Rain ');
  await engine.finish();
});

test('plays a recorded run', async () => {
  await using engine = await replay(fileURLToPath(new URL('recordings/rain.jsonl', import.meta.url)), { strict: true });
  const pieces: string[] = [];
  await explain('rain', (piece) => pieces.push(piece), engine.config);
  expect(pieces).toEqual(['Rain is ', 'water ', 'that falls.']);
  await engine.finish();
});
