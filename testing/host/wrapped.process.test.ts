import { expect, test } from 'vitest';
import { wrappers } from '../../sdk/test-fixtures/wrappers.ts';
import { type MemoryEngine, memoryEngine } from '../memory/memory-engine.ts';
import { type FakeEngine, fakeEngine } from '../play/fake-engine.ts';

/** Every member of the kit's engines, in an order that they can be used in. */
const ofMemory: Record<keyof MemoryEngine, (engine: MemoryEngine) => unknown> = {
  transport: (engine) => typeof engine.transport,
  codex: async (engine) => (await (await engine.codex().threadStart()).run('hi')).finalResponse,
  sent: (engine) => engine.sent.length,
  received: (engine) => engine.received('turn/start'),
  emit: (engine) => engine.emit('account/updated', { authMode: null, planType: null }),
  ask: (engine) => engine.ask('item/tool/requestUserInput' as never, {} as never),
  hook: (engine) => engine.hook('stop', {}).catch((error: Error) => error.message),
  die: (engine) => engine.die(),
  finish: (engine) => engine.finish(),
  close: (engine) => engine.close(),
  [Symbol.asyncDispose]: (engine) => engine[Symbol.asyncDispose](),
};
const ofFake: Record<keyof FakeEngine, (engine: FakeEngine) => unknown> = {
  // There is none on Windows.
  codexBin: (engine) => process.platform === 'win32' || typeof engine.codexBin,
  env: (engine) => Object.keys(engine.env),
  config: (engine) => Object.keys(engine.config),
  release: (engine) => engine.release('any'),
  codex: async (engine) => (await engine.codex().threadStart()).id,
  reached: (engine) => engine.reached('any'),
  finish: async (engine) => (await engine.finish()).starts,
  close: (engine) => engine.close(),
  [Symbol.asyncDispose]: (engine) => engine[Symbol.asyncDispose](),
};

async function resultsOf<T extends object>(engine: T, members: Record<keyof T, (engine: T) => unknown>) {
  const results: unknown[] = [];
  for (const member of Reflect.ownKeys(members)) results.push([member, await members[member as keyof T](engine)]);
  return results;
}

const newMemory = () => memoryEngine({ 'turn/start': () => 'hello' });
const newFake = () => fakeEngine([{ auto: ['thread/start'] }, { hold: 'any' }]);

test.each(Object.entries(wrappers))('the engines of the kit do the same through %s', async (_, wrap) => {
  expect(await resultsOf(wrap(newMemory()), ofMemory)).toEqual(await resultsOf(newMemory(), ofMemory));
  expect(await resultsOf(wrap(await newFake()), ofFake)).toEqual(await resultsOf(await newFake(), ofFake));
});
