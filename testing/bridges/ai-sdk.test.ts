import { APICallError, type LanguageModelV4StreamPart, NoSuchModelError } from '@ai-sdk/provider';
import {
  createProviderRegistry,
  generateText,
  type ModelMessage,
  stepCountIs,
  streamText,
  type ToolSet,
  tool,
} from 'ai';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { codex as codexOfTheEnvironment, createCodex } from '../../sdk/ai-sdk.ts';
import { type MemoryHandlers, memoryEngine } from '../index.ts';
import { message, type Play, provider, usage } from './test-fixtures/ai-sdk-provider.ts';

const tools = {
  ticket: tool({
    description: 'Reads a ticket.',
    inputSchema: z.object({ id: z.string() }),
    execute: ({ id }) => `${id} is open`,
  }),
};
/** The same tool, for a program that calls it by itself. The AI SDK's own declarations do not agree under exactOptionalPropertyTypes. */
const plain = {
  ticket: tool({ description: 'Reads a ticket.', inputSchema: z.object({ id: z.string() }) }),
} as unknown as ToolSet;
test('a thread whose engine does not tell when the model has said all: calls that come together are one step', async () => {
  const { codex } = provider(async ({ say, ask, end }) => {
    const answers = await Promise.all([ask('a'), ask('b')]);
    say('thread/tokenUsage/updated', usage(3));
    say('item/completed', message(JSON.stringify(answers)));
    say('thread/tokenUsage/updated', usage(4, 7));
    say('thread/tokenUsage/updated', usage(4, 7));
    end();
  });
  const { steps, text, totalUsage } = await generateText({
    model: codex(),
    prompt: 'go',
    tools,
    stopWhen: stepCountIs(3),
  });
  expect(steps.map(({ toolCalls }) => toolCalls.length)).toEqual([2, 0]);
  const open = (id: string) => ({ contentItems: [{ type: 'inputText', text: `${id} is open` }], success: true });
  expect(JSON.parse(text)).toEqual([open('a'), open('b')]);
  expect(totalUsage.inputTokens).toBe(7);
});

test('two conversations whose calls have one id get their own results', async () => {
  const { codex } = provider(async ({ say, ask, end }) => {
    say('item/completed', message(JSON.stringify(await ask('same'))));
    end();
  });
  const first = async (word: string) => {
    const messages: ModelMessage[] = [{ role: 'user', content: word }];
    const { responseMessages } = await generateText({ model: codex(), messages, tools: plain });
    const output = { type: 'text' as const, value: word };
    const result = { type: 'tool-result' as const, toolCallId: 'same', toolName: 'ticket', output };
    return { messages: [...messages, ...responseMessages, { role: 'tool' as const, content: [result] }], tools: plain };
  };
  const [one, other] = await Promise.all([first('one'), first('other')]);
  expect((await generateText({ model: codex(), ...other })).text).toContain('"other"');
  expect((await generateText({ model: codex(), ...one })).text).toContain('"one"');
});

test('what the user says instead of a result steers the turn, and the call has none', async () => {
  const answers: unknown[] = [];
  const { engine, codex } = provider(async ({ say, ask, end }) => {
    answers.push(await ask('a'));
    say('item/completed', message('Fine.'));
    end();
  });
  const messages: ModelMessage[] = [{ role: 'user', content: 'go' }];
  const first = await generateText({
    model: codex(),
    messages,
    tools: plain,
  });
  messages.push(...first.responseMessages, { role: 'user', content: 'Never mind.' });
  const model = codex('gpt-5.5');
  // The AI SDK itself refuses a call without a result; a program may call the model.
  const prompt = [
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'go' }] },
    {
      role: 'assistant' as const,
      content: [{ type: 'tool-call' as const, toolCallId: 'a', toolName: 'ticket', input: {} }],
    },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Never mind.' }] },
  ];
  const { content, finishReason } = await model.doGenerate({ prompt });
  expect([content, finishReason.unified]).toEqual([[expect.objectContaining({ text: 'Fine.' })], 'stop']);
  expect(await engine.received('turn/steer')).toMatchObject({ input: [{ type: 'text', text: 'Never mind.' }] });
  expect(answers).toEqual([expect.objectContaining({ success: false })]);
});

test('a turn that waits too long for a result is interrupted, and so is one whose provider is closed, or whose reader leaves', async () => {
  const never: Play = async ({ say, ask }) => {
    say('item/started', message('Hm'));
    say('item/agentMessage/delta', { itemId: 'Hm', delta: 'Hm' });
    await ask('a');
  };
  const late = provider(never, {}, {});
  const quick = createCodex({ config: { transport: late.engine.transport }, toolTimeoutMs: 1 });
  onTestFinished(() => quick.close());
  await generateText({ model: quick(), prompt: 'go', tools: plain });
  expect(await late.engine.received('turn/interrupt')).toMatchObject({ turnId: 'turn-1' });

  const closed = provider(never);
  await generateText({ model: closed.codex(), prompt: 'go', tools: plain });
  await closed.codex.close();
  expect((await generateText({ model: closed.codex(), prompt: 'go', tools: plain })).finishReason).toBe('tool-calls');

  const left = provider(({ say }) => say('item/completed', message('Hm')));
  const { stream } = await left
    .codex()
    .doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }] });
  await stream.cancel('enough');
  expect(await left.engine.received('turn/interrupt')).toMatchObject({ turnId: 'turn-1' });
});

test.each([
  [undefined, 600_000],
  [1000, 1000],
])('toolTimeoutMs is the time for the results of tools: %s', async (toolTimeoutMs, ms) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { engine, codex } = provider(({ ask }) => void ask('a'), {}, { toolTimeoutMs });
  const pass = async (time: number) => {
    await vi.advanceTimersByTimeAsync(time);
    for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  let waits = false;
  const asking = generateText({ model: codex(), prompt: 'go', tools: plain }).then(() => {
    waits = true;
  });
  while (!waits) await pass(1);
  await asking;
  const interrupts = () => engine.sent.filter(({ method }) => method === 'turn/interrupt').length;
  await pass(ms - 1);
  expect(interrupts()).toBe(0);
  await pass(1);
  expect(interrupts()).toBe(1);
});

test('an engine that dies in the middle of a turn is an error that is not tried again, since the turn may have had effects; the next call starts another', async () => {
  const { engine, codex } = provider(({ say, end }) => {
    if (engine.sent.filter(({ method }) => method === 'turn/start').length === 1) return engine.die();
    say('item/completed', message('Back.'));
    end();
  });
  const error = await generateText({ model: codex(), prompt: 'go' }).catch((one: unknown) => one);
  expect(APICallError.isInstance(error) && error).toMatchObject({
    isRetryable: false,
    data: { kind: 'transport-closed' },
  });
  expect((await generateText({ model: codex(), prompt: 'go' })).text).toBe('Back.');
});

test('an engine that dies while it waits for a tool: the results go to a new thread of another engine, with the history', async () => {
  const { engine, codex } = provider(async ({ say, ask, end }) => {
    if (engine.sent.filter(({ method }) => method === 'turn/start').length === 1) await ask('a');
    say('item/completed', message('I know.'));
    end();
  });
  const messages: ModelMessage[] = [{ role: 'user', content: 'go' }];
  const first = await generateText({ model: codex(), messages, tools });
  engine.die();
  await new Promise(setImmediate);
  messages.push(...first.responseMessages);
  expect((await generateText({ model: codex(), messages, tools })).text).toBe('I know.');
  const { items } = await engine.received('thread/inject_items');
  expect(items).toMatchObject([{ role: 'user' }, { type: 'function_call' }, { output: 'a is open' }]);
  expect(await engine.received('turn/start', 2)).toMatchObject({ input: [] });
});

test.each([
  ['interrupted', 'interrupted'],
  ['paused by a later engine', 'other'],
])('a turn that ends as %s is not an error: what there is has the reason %s', async (status, reason) => {
  const { codex } = provider(({ say, end }) => {
    say('item/started', message('So'));
    say('item/agentMessage/delta', { itemId: 'So', delta: 'So' });
    end(status);
  });
  const { text, finishReason, rawFinishReason } = await generateText({ model: codex(), prompt: 'go' });
  expect([text, finishReason, rawFinishReason]).toEqual(['So', reason, status]);
});

test('a history that was changed, other instructions, and a thread that was left start a new thread', async () => {
  const { engine, codex } = provider(({ say, end }) => {
    say('item/completed', message('Yes.'));
    end();
  });
  const messages: ModelMessage[] = [{ role: 'user', content: 'one' }];
  const first = await generateText({ model: codex(), messages });
  const second = [...messages, ...first.responseMessages, { role: 'user' as const, content: 'two' }];
  const threadOf = async (given: ModelMessage[], instructions?: string) => {
    const { providerMetadata } = await generateText({
      model: codex(),
      messages: given,
      ...(instructions && { instructions }),
    });
    return providerMetadata?.['codex']?.['threadId'];
  };
  expect(await threadOf(second)).toBe('thread-1');
  // Once more: the thread has gone on.
  expect(await threadOf(second)).toBe('thread-2');
  expect(await engine.received('thread/inject_items')).toMatchObject({
    threadId: 'thread-2',
    items: [{ role: 'user' }, { role: 'assistant' }],
  });
  expect(await threadOf(messages)).toBe('thread-3');
  expect(await threadOf([...messages, ...first.responseMessages], 'Be short.')).toBe('thread-4');
});

test('what the engine has no word for is a warning, and what it has goes to the turn', async () => {
  const { engine, codex } = provider(({ end }) => end());
  const { warnings } = await codex('gpt-5.5').doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
    tools: [{ type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} }],
    responseFormat: { type: 'json' },
    ...{ toolChoice: { type: 'required' }, temperature: 0, seed: 1, topK: 2, maxOutputTokens: 5, stopSequences: ['x'] },
    reasoning: 'high',
    providerOptions: { codex: { cwd: '/w', summary: 'detailed', sandbox: 'read-only', extra: true } },
  });
  expect(warnings.map((one) => ('feature' in one ? one.feature : 'message' in one && one.message))).toEqual([
    expect.stringContaining('extra'),
    ...[
      'maxOutputTokens',
      'temperature',
      'topK',
      'stopSequences',
      'seed',
      'toolChoice required',
      'responseFormat',
      'provider tool openai.web_search',
    ],
  ]);
  const sent = {
    effort: 'high',
    cwd: '/w',
    summary: 'detailed',
    model: 'gpt-5.5',
    sandboxPolicy: { type: 'readOnly' },
  };
  expect(await engine.received('turn/start')).toMatchObject(sent);
  const wrong = generateText({ model: codex(), prompt: 'go', providerOptions: { codex: { cwd: 7 } } });
  await expect(wrong).rejects.toThrow('the option cwd of providerOptions.codex: expected a string, got 7');
  const file = { type: 'file' as const, data: 'JVBERg==', mediaType: 'application/pdf' };
  const pdf = generateText({ model: codex(), messages: [{ role: 'user', content: [file] }] });
  await expect(pdf).rejects.toThrow('expected an image, audio or text, got application/pdf');
});

test('what the engine does itself, by the kind of item, one of a later engine left out; what still runs when the program is to call a tool has no more result', async () => {
  const command = { type: 'commandExecution' as const, id: 'c', command: 'make', cwd: '/w', commandActions: [] };
  const { codex } = provider(({ say, ask, end }) => {
    const done = [
      { type: 'fileChange', id: 'f', changes: [{ path: 'a', kind: { type: 'add' }, diff: '+a' }], status: 'declined' },
      {
        type: 'mcpToolCall',
        id: 'm',
        server: 'docs',
        tool: 'find',
        arguments: { q: 1 },
        status: 'completed',
        result: { content: [] },
      },
      {
        type: 'mcpToolCall',
        id: 'n',
        server: 'docs',
        tool: 'find',
        arguments: null,
        status: 'failed',
        error: { message: 'down' },
      },
      { type: 'webSearch', id: 'w', query: 'x', action: null },
      { type: 'somethingNew', id: 's' },
    ];
    for (const item of done) say('item/completed', { item: item as never });
    // What it looks for is known at its end.
    say('item/started', { item: { type: 'webSearch', id: 'v', query: '', action: null } });
    say('item/started', { item: { ...command, status: 'inProgress' } });
    say('item/started', 'not an object' as never);
    void ask('a').then(() => end());
  });
  const parts: LanguageModelV4StreamPart[] = [];
  const { stream } = await codex().doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
    tools: [{ type: 'function', name: 'ticket', inputSchema: { type: 'object' } }],
  });
  for await (const part of stream) parts.push(part);
  const results = parts.flatMap((part) =>
    part.type === 'tool-result' ? [[part.toolName, part.isError, part.result]] : [],
  );
  expect(results).toEqual([
    ['fileChange', true, { status: 'declined' }],
    ['mcp__docs__find', false, { status: 'completed', content: [], structuredContent: null }],
    ['mcp__docs__find', true, { status: 'failed', error: 'down' }],
    ['webSearch', false, { query: 'x', action: null }],
    ['commandExecution', false, { status: 'inProgress', exitCode: null, output: '', durationMs: null }],
  ]);
  expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'tool-calls' } });
});

test('a thread is continued by its id, with what the provider says of threads; after a turn that was refused, it is opened again', async () => {
  const refusing: MemoryHandlers = {
    'turn/start': () => {
      throw new Error('not now');
    },
  };
  const { codex, engine } = provider(() => {}, refusing, { thread: { approvals: () => 'accept' } });
  const providerOptions = { codex: { threadId: 'earlier' } };
  for (const count of [1, 2]) {
    const asked = generateText({ model: codex(), prompt: 'go', providerOptions, maxRetries: 0 });
    await expect(asked).rejects.toThrow('not now');
    const resumed = engine.sent.flatMap(({ method, params }) => (method === 'thread/resume' ? [params] : []));
    expect(resumed).toHaveLength(count);
    expect(resumed.at(-1)).toMatchObject({ threadId: 'earlier', approvalsReviewer: 'user' });
  }
});

test('raw chunks are the engine’s events', async () => {
  const { codex } = provider(({ say, end }) => {
    say('item/completed', message('Yes.'));
    end();
  });
  const { fullStream } = streamText({ model: codex(), prompt: 'go', includeRawChunks: true });
  const raw: unknown[] = [];
  for await (const part of fullStream) if (part.type === 'raw') raw.push((part.rawValue as { method: string }).method);
  expect(raw).toEqual(['item/completed', 'turn/completed']);
});

test('a provider has language models alone, and wrong options are refused', async () => {
  const { codex } = provider(({ end }) => end());
  const registry = createProviderRegistry({ codex });
  expect(registry.languageModel('codex:gpt-5.5')).toMatchObject({ provider: 'codex', modelId: 'gpt-5.5' });
  for (const kind of ['embeddingModel', 'imageModel'] as const) {
    const call = () => codex[kind]('x');
    expect(call).toThrow(`No such ${kind}: x`);
    expect(
      NoSuchModelError.isInstance(
        await Promise.resolve()
          .then(call)
          .catch((one: unknown) => one),
      ),
    ).toBe(true);
  }
  expect(codexOfTheEnvironment().modelId).toBe('default');
  expect(() => createCodex({ toolTimeoutMs: -1 })).toThrow(RangeError);
  expect(() => createCodex({ client: {} as never })).toThrow('expected a client (new Codex()), got an object');
  expect(() => codex(7 as never)).toThrow('the argument modelId: expected a string, got 7');
  const client = memoryEngine().codex();
  expect(() => createCodex({ client, config: {} })).toThrow('expected client or config, got both');
});
