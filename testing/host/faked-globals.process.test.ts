import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request as post } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Latches } from '../loopback/latches.ts';
import { memoryEngine } from '../memory/memory-engine.ts';
import { startModelServer } from '../model/model-server.ts';
import { fakeEngine } from '../play/fake-engine.ts';
import { replay } from '../play/replay.ts';
import type { ScriptStep } from '../play/script-types.ts';
import { record } from '../record/record.ts';

// What Jest and its like put in place of the globals: a clock that stands still, and a network that is not there.
beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
      ...(['Date', 'performance', 'queueMicrotask'] as const),
    ],
  });
  vi.stubGlobal('fetch', () => new Promise(() => {}));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const folder = mkdtempSync(join(tmpdir(), 'faked-globals-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script: ScriptStep[] = [
  { auto: ['thread/start'] },
  { expect: 'turn/start' },
  { answer: 'turn/start' },
  { hold: 'go' },
  { send: 'item/completed', params: { item: { type: 'agentMessage', text: 'hello' } } },
  { send: 'turn/completed' },
];

test('an engine in memory plays a turn', async () => {
  const engine = memoryEngine({ 'turn/start': () => 'hello' });
  const thread = await engine.codex().threadStart();
  expect((await thread.run('hi')).finalResponse).toBe('hello');
  await engine.finish();
});

test('a fake engine is played, recorded and replayed', async () => {
  const inner = await fakeEngine(script);
  const recorder = await record({ file: join(folder, 'a.jsonl'), codexBin: inner.codexBin });
  const run = (await recorder.codex().threadStart()).run('hi');
  await inner.reached('go');
  inner.release('go');
  expect((await run).finalResponse).toBe('hello');
  const { file } = await recorder.finish();
  await inner.finish();
  const played = await replay(file);
  expect((await (await played.codex().threadStart()).run('hi')).finalResponse).toBe('hello');
  await played.finish();
});

test('an engine that its client never closed is ended', async () => {
  const engine = await fakeEngine([{ auto: ['thread/start'] }]);
  await engine.codex().threadStart();
  await engine.close();
});

test('a scripted model answers', async () => {
  const model = await startModelServer({ answers: [{ stream: ['a', 'b'] }], latches: new Latches() });
  const request = post(`${model.url}/v1/responses`, { method: 'POST' }).end('{"input":[]}');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(await text(response)).toContain('response.completed');
  await model.close();
});
