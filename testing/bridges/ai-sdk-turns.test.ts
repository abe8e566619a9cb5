import { getEventListeners } from 'node:events';
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCodex } from '../../sdk/ai-sdk.ts';
import { tool } from '../../sdk/index.ts';
import { type MemoryHandlers, memoryEngine } from '../index.ts';
import { message, type Play, provider } from './test-fixtures/ai-sdk-provider.ts';

type Options = Omit<LanguageModelV4CallOptions, 'prompt'>;
type Sent = { sent: readonly { method?: unknown; params?: unknown; id?: unknown }[] };

const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const ticket = { type: 'function' as const, name: 'ticket', inputSchema: { type: 'object' as const } };
const sentOf = (engine: Sent, method: string) =>
  engine.sent.flatMap((one) => (one.method === method ? [one.params as Record<string, unknown>] : []));

/** A turn that says yes, whole. */
const yes: Play = ({ say, end }) => {
  say('item/completed', message('Yes.'));
  end();
};
/** A turn that calls a tool, and says what it got. The engine tells when the model has said all. */
const asking: Play = async ({ say, ask, end }) => {
  const call = { type: 'function_call', name: 'ticket', call_id: 'a', arguments: '{}' };
  say('rawResponseItem/completed' as never, { item: call } as never);
  const answer = ask('a');
  say('rawResponse/completed' as never, { responseId: 'r', usage: null } as never);
  say('item/completed', message(JSON.stringify(await answer)));
  end();
};

/** A call of the model, and what continues it. */
function talk(codex: ReturnType<typeof createCodex>, begin: LanguageModelV4Prompt = [user('go')]) {
  const prompt = [...begin];
  return async (options: Options = {}, ...more: LanguageModelV4Prompt) => {
    prompt.push(...more);
    const result = await codex('gpt').doGenerate({ prompt, ...options });
    const content = result.content.map(
      ({ providerMetadata: providerOptions, ...part }: { providerMetadata?: object }) => ({
        ...part,
        ...(providerOptions && { providerOptions }),
        // As the AI SDK has it in a prompt.
        ...('input' in part && typeof part.input === 'string' && { input: JSON.parse(part.input) as unknown }),
      }),
    );
    prompt.push({ role: 'assistant', content: content as never });
    return result;
  };
}
const result = (value: string, toolCallId = 'a') => ({
  role: 'tool' as const,
  content: [{ type: 'tool-result' as const, toolCallId, toolName: 'ticket', output: { type: 'text' as const, value } }],
});
const threadOf = ({ providerMetadata }: { providerMetadata?: object }) =>
  (providerMetadata as { codex?: { threadId?: string } }).codex?.threadId;

const never = () => new Promise<never>(() => {});

test.each([
  ['thread/start', {}, [user('go')]],
  ['thread/inject_items', {}, [user('go'), { role: 'assistant' as const, content: [] }, user('on')]],
  ['thread/resume', { providerOptions: { codex: { threadId: 'earlier' } } }, [user('go')]],
  ['turn/start', {}, [user('go')]],
] as const)(
  'an abort while %s is not answered is its reason, and leaves no listener',
  async (method, options, prompt) => {
    const { engine, codex } = provider(yes, { [method]: never } as MemoryHandlers);
    const stop = new AbortController();
    const reason = new Error('enough');
    const asked = codex('gpt').doGenerate({
      prompt: [...prompt] as LanguageModelV4Prompt,
      ...options,
      abortSignal: stop.signal,
    });
    await engine.received(method);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  },
);

test('a call that was aborted before asks nothing of the engine', async () => {
  const { engine, codex } = provider(yes);
  const reason = new Error('enough');
  const abortSignal = AbortSignal.abort(reason);
  await expect(codex().doGenerate({ prompt: [user('go')], abortSignal })).rejects.toBe(reason);
  expect(engine.sent).toEqual([]);
});

test('the signal of the newest call stops the turn, also while it waits for a tool; those before it do not', async () => {
  const { engine, codex } = provider(asking);
  const say = talk(codex);
  const [first, second] = [new AbortController(), new AbortController()];
  await say({ tools: [ticket], abortSignal: first.signal });
  const { content } = await say({ tools: [ticket], abortSignal: second.signal }, result('open'));
  expect(JSON.stringify(content)).toContain('open');
  for (const { signal } of [first, second]) expect(getEventListeners(signal, 'abort')).toEqual([]);

  const [third, fourth] = [new AbortController(), new AbortController()];
  const silent = provider(async ({ say: tell, ask }) => {
    tell('item/started', message('Hm'));
    await ask('a');
  });
  const other = talk(silent.codex);
  await other({ tools: [ticket], abortSignal: third.signal });
  const waits = other({ tools: [ticket], abortSignal: fourth.signal }, result('open'));
  const ended = expect(waits).rejects.toThrow('enough');
  await vi.waitUntil(() => getEventListeners(fourth.signal, 'abort').length > 0);
  third.abort(new Error('too late'));
  expect(sentOf(silent.engine, 'turn/interrupt')).toEqual([]);
  fourth.abort(new Error('enough'));
  await ended;
  await silent.engine.received('turn/interrupt');
  expect(sentOf(engine, 'turn/interrupt')).toEqual([]);
});

test('a turn that waited for a tool leaves no timer, however it goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { codex } = provider(asking);
  const say = talk(codex);
  await say({ tools: [ticket] });
  expect(vi.getTimerCount()).toBe(1);
  await say({ tools: [ticket] }, result('open'));
  expect(vi.getTimerCount()).toBe(0);
  const other = talk(codex);
  await other({ tools: [ticket] });
  await codex.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('what the user says goes to the engine before the results, which wait until it has taken it', async () => {
  let taken = () => {};
  const { engine, codex } = provider(asking, {
    'turn/steer': () =>
      new Promise((resolve) => {
        taken = () => resolve({} as never);
      }),
  });
  const say = talk(codex);
  await say({ tools: [ticket] });
  const going = say({ tools: [ticket] }, result('open'), user('Hurry.'));
  await engine.received('turn/steer');
  for (let round = 0; round < 20; round += 1) await new Promise(setImmediate);
  const answers = () => engine.sent.filter(({ method, id }) => method === undefined && id === 0);
  expect(answers()).toEqual([]);
  taken();
  await going;
  expect(answers()).toHaveLength(1);
});

test('once it has the results, a turn may take as long as it likes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  let finish = () => {};
  const { engine, codex } = provider(
    async ({ say: tell, ask, end }) => {
      const call = { type: 'function_call', name: 'ticket', call_id: 'a', arguments: '{}' };
      tell('rawResponseItem/completed' as never, { item: call } as never);
      const answer = ask('a');
      tell('rawResponse/completed' as never, { responseId: 'r', usage: null } as never);
      await answer;
      finish = () => {
        tell('item/completed', message('Done.'));
        end();
      };
    },
    {},
    { toolTimeoutMs: 1000 },
  );
  const say = talk(codex);
  await say({ tools: [ticket] });
  const going = say({ tools: [ticket] }, result('open'));
  for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(5000);
  for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sentOf(engine, 'turn/interrupt')).toEqual([]);
  finish();
  expect((await going).content).toMatchObject([{ text: 'Done.' }]);
});

test('a tool may take as long as toolTimeoutMs says, and forever with 0', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { engine, codex } = provider(asking, {}, { toolTimeoutMs: 0 });
  const say = talk(codex);
  await say({ tools: [ticket] });
  await vi.advanceTimersByTimeAsync(700_000);
  for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(engine.sent.filter(({ method }) => method === undefined)).toEqual([]);
  expect(JSON.stringify((await say({ tools: [ticket] }, result('open'))).content)).toContain('open');
});

test('the program’s own client is neither closed when its engine dies nor with the provider, whose turns end', async () => {
  const dying = memoryEngine({ 'turn/start': () => dying.die() as never });
  onTestFinished(() => dying.close());
  const client = dying.codex();
  const close = vi.spyOn(client, 'close');
  const failing = createCodex({ client });
  await expect(failing().doGenerate({ prompt: [user('go')] })).rejects.toThrow();
  await failing.close();
  expect(close).not.toHaveBeenCalled();

  const { engine, codex } = provider(asking, {}, {});
  const own = engine.codex();
  const shared = createCodex({ client: own });
  const held = vi.spyOn(own, 'close');
  await talk(shared)({ tools: [ticket] });
  await shared[Symbol.asyncDispose]();
  expect(await engine.received('turn/interrupt')).toMatchObject({ turnId: 'turn-1' });
  expect(held).not.toHaveBeenCalled();
  await own.close();
  await codex.close();
});

test('a turn that runs when its provider is closed fails with an AbortError that says so', async () => {
  const { engine, codex } = provider(() => {});
  const running = expect(codex().doGenerate({ prompt: [user('go')] })).rejects.toMatchObject({
    ...{ name: 'AbortError', message: 'the provider was closed' },
  });
  await engine.received('turn/start');
  await new Promise(setImmediate);
  await codex.close();
  await running;
});

test.each(['closes', 'dies'] as const)(
  'threads from before an engine that %s are begun anew, with their history',
  async (how) => {
    let die = false;
    const { engine, codex } = provider((turn) => (die ? engine.die() : yes(turn)));
    const say = talk(codex);
    await say();
    if (how === 'closes') await codex.close();
    else {
      die = true;
      await expect(talk(codex)()).rejects.toMatchObject({ data: { kind: 'transport-closed' } });
      die = false;
    }
    await say({}, user('on'));
    expect(sentOf(engine, 'thread/inject_items')).toMatchObject([{ items: [{ role: 'user' }, { role: 'assistant' }] }]);
  },
);

test.each(['interrupted', 'failed'])('a thread whose last turn was %s is not continued', async (status) => {
  let end = status;
  const { codex } = provider(({ say, end: finish }) => {
    say('item/completed', message('Hm.'));
    finish(end);
  });
  const say = talk(codex);
  end = 'completed';
  expect(threadOf(await say())).toBe('thread-1');
  end = status;
  await say({}, user('on')).catch(() => {});
  end = 'completed';
  expect(threadOf(await say({}, user('and on')))).toBe('thread-2');
});

test('an answer that is continued twice at once is continued once, and begun anew once', async () => {
  let hold = false;
  const ends: (() => void)[] = [];
  const { codex } = provider(({ say, end }) => {
    say('item/completed', message('Yes.'));
    if (hold) ends.push(end);
    else end();
  });
  const say = talk(codex);
  await say();
  hold = true;
  const [one, other] = [say({}, user('on')), say()];
  await vi.waitUntil(() => ends.length === 2);
  for (const end of ends) end();
  expect([threadOf(await one), threadOf(await other)].sort()).toEqual(['thread-1', 'thread-2']);
});

test('a thread that two calls resume at once is continued by one of them', async () => {
  const { codex } = provider(() => {});
  const call = async () => {
    const providerOptions = { codex: { threadId: 'earlier' } };
    const { stream } = await codex().doStream({ prompt: [user('go')], providerOptions });
    return stream;
  };
  const both = await Promise.allSettled([call(), call()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { message: expect.stringContaining('Continuing thread earlier: expected one without a turn') },
  });
});

test('a thread by its id is resumed once, again for other tools, and refused while its turn runs', async () => {
  const records: unknown[] = [];
  const { engine, codex } = provider(
    async ({ say, end }) => {
      const params = { turnId: 'turn-1', itemId: 'i', command: 'ls', commandActions: [] };
      await engine.ask('item/commandExecution/requestApproval', { threadId: 'earlier', ...params } as never);
      say('item/completed', message('Yes.'));
      end();
    },
    {},
    { thread: { approvals: () => 'accept', onDecision: (record) => void records.push(record) } },
  );
  const providerOptions = { codex: { threadId: 'earlier' } };
  const call = (options: Options = {}) => codex().doGenerate({ prompt: [user('go')], providerOptions, ...options });
  await call();
  await call();
  expect(sentOf(engine, 'thread/resume')).toHaveLength(1);
  expect(records).toMatchObject([{ decision: 'accept' }, { decision: 'accept' }]);
  await call({ tools: [ticket] });
  expect(sentOf(engine, 'thread/resume')).toHaveLength(2);

  const busy = provider(asking);
  const first = busy.codex().doGenerate({ prompt: [user('go')], providerOptions, tools: [ticket] });
  await first;
  await expect(busy.codex().doGenerate({ prompt: [user('go')], providerOptions, tools: [ticket] })).rejects.toThrow(
    'Continuing thread earlier: expected one without a turn, got a turn that runs.',
  );
});

test('a new thread has the instructions of the option before those of the prompt, and the tools of both', async () => {
  const answers: unknown[] = [];
  const note = tool({
    ...{ name: 'note', description: 'Notes.', inputSchema: { type: 'object' } },
    execute: () => 'noted',
  });
  const { engine, codex } = provider(
    async ({ say, end }) => {
      const call = { threadId: 'thread-1', turnId: 'turn-1', callId: 'c', tool: 'note', arguments: {} };
      answers.push(await engine.ask('item/tool/call', call as never));
      say('item/completed', message('Yes.'));
      end();
    },
    {},
    { thread: { developerInstructions: 'Ours.', tools: [note] } },
  );
  await codex().doGenerate({ prompt: [{ role: 'system', content: 'Theirs.' }, user('go')], tools: [ticket] });
  const started = await engine.received('thread/start');
  expect(started).toMatchObject({
    developerInstructions: 'Ours.\n\nTheirs.',
    dynamicTools: [{ name: 'note' }, { name: 'ticket' }],
  });
  expect(answers).toMatchObject([{ success: true }]);
  await talk(codex)({ tools: [ticket], toolChoice: { type: 'none' } });
  expect(sentOf(engine, 'thread/start')[1]).toMatchObject({ dynamicTools: [{ name: 'note' }] });
});

const object = (properties: object, required: string[] = Object.keys(properties)) => ({
  ...{ type: 'object', properties, required },
});
const word = { type: 'string' };

test.each([
  ['nothing is optional', object({ a: word }), false],
  ['a property is', object({ a: word, b: word }, ['a']), true],
  ['one within a property is', object({ a: object({ b: word }, []) }), true],
  ['one within a list is', object({ a: { anyOf: [word, object({ b: word }, [])] } }), true],
])('an answer in JSON comes in pieces if %s', async (_, schema, withheld) => {
  const { codex } = provider(({ say, end }) => {
    say('item/started', { item: { type: 'agentMessage', id: 'm', text: '' } });
    for (const delta of ['{"a":', '"x"}']) say('item/agentMessage/delta', { itemId: 'm', delta });
    say('item/completed', {
      item: { type: 'agentMessage', id: 'm', text: '{"a":"x"}', phase: 'final_answer' },
    } as never);
    end();
  });
  const { stream } = await codex().doStream({
    prompt: [user('go')],
    responseFormat: { type: 'json', schema } as never,
  });
  const deltas: string[] = [];
  for await (const part of stream) if (part.type === 'text-delta') deltas.push(part.delta);
  expect(deltas).toEqual(withheld ? ['{"a":"x"}'] : ['{"a":', '"x"}']);
});

test.each([
  ['what is optional and null is left out', '{"a":"x","b":null}', '{"a":"x"}'],
  ['what is no JSON stays as it was said', 'Sorry.', 'Sorry.'],
])('an answer in JSON: %s', async (_, said, text) => {
  const { codex } = provider(({ say, end }) => {
    say('item/completed', { item: { type: 'agentMessage', id: 'm', text: said, phase: 'final_answer' } } as never);
    end();
  });
  const schema = object({ a: word, b: word }, ['a']);
  const { content } = await codex().doGenerate({
    prompt: [user('go')],
    responseFormat: { type: 'json', schema } as never,
  });
  expect(content).toMatchObject([{ type: 'text', text }]);
});

test('an answer in JSON that never came is none', async () => {
  const { codex } = provider(({ end }) => end());
  const schema = object({ a: word, b: word }, ['a']);
  const { content } = await codex().doGenerate({
    prompt: [user('go')],
    responseFormat: { type: 'json', schema } as never,
  });
  expect(content).toEqual([]);
});
