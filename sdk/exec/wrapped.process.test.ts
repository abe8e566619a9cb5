import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { wrappers } from '../test-fixtures/wrappers.ts';
import { Codex } from './codex.ts';
import type { ThreadEvent } from './events.ts';
import { childEngine, completed, message, ownTemporaryFolder, started } from './test-fixtures/child-engine.ts';
import { Thread } from './thread.ts';

ownTemporaryFolder();

const planted = 'sk-planted-in-every-setting';
const newCodex = () =>
  new Codex(childEngine([started, message('hello'), completed], { apiKey: planted, env: { KEY: planted } }));

const usage = { input_tokens: 1, cached_input_tokens: 0, cache_write_input_tokens: 0, output_tokens: 2 };
const item = { id: 'item_0', type: 'agent_message', text: 'hello' };

/** Every member of both classes, and what it comes to. */
const members: Record<string, [use: (codex: Codex, thread: Thread) => unknown, gives: unknown]> = {
  'Codex.startThread': [(codex) => codex.startThread().id, null],
  'Codex.resumeThread': [(codex) => codex.resumeThread('x').id, 'x'],
  'Codex.loginWithDeviceCode': [(codex) => codex.loginWithDeviceCode({ onOutput: () => {} }), 0],
  'Codex.Symbol(nodejs.util.inspect.custom)': [(codex) => inspect(codex), `Codex { engine: '${process.execPath}' }`],
  'Thread.id': [(_, thread) => thread.id, null],
  'Thread.run': [(_, thread) => thread.run('hi'), { items: [item], finalResponse: 'hello', usage }],
  'Thread.runStreamed': [
    async (_, thread) => {
      const types: string[] = [];
      for await (const { type } of (await thread.runStreamed('hi')).events) types.push(type);
      return [...types, thread.id];
    },
    ['thread.started', 'item.completed', 'turn.completed', 'thread-1'],
  ],
  'Thread.Symbol(nodejs.util.inspect.custom)': [(_, thread) => inspect(thread), 'Thread { id: null }'],
};

test('the table has every member of both classes', () => {
  const own = [Codex, Thread].flatMap((one) => {
    const keys = Reflect.ownKeys(one.prototype).map(String);
    return keys.filter((key) => !['constructor', '~twinproof'].includes(key)).map((key) => `${one.name}.${key}`);
  });
  expect(Object.keys(members).sort()).toEqual(own.sort());
});

test.each(Object.entries(wrappers))('every member works through %s', async (_, wrap) => {
  for (const [name, [use, gives]] of Object.entries(members)) {
    const codex = newCodex();
    expect(await use(wrap(codex), wrap(codex.startThread())), name).toEqual(gives);
  }
});

test('what is handed out is plain data; the objects show no setting', async () => {
  const codex = newCodex();
  const thread = codex.startThread({ workingDirectory: `/${planted}` });
  const { events } = await newCodex().startThread().runStreamed('hi');
  const all: ThreadEvent[] = [];
  for await (const event of events) all.push(event);
  const turn = await newCodex().startThread().run('hi');
  expect(structuredClone({ all, turn })).toStrictEqual({ all, turn });
  for (const one of [codex, thread]) {
    expect(inspect(one, { depth: 20, showHidden: true, getters: true })).not.toContain('planted');
    expect(JSON.stringify(one)).toBe('{}');
    expect(structuredClone(one)).toEqual({});
  }
});
