import { APICallError } from '@ai-sdk/provider';
import { generateText, type ModelMessage, NoObjectGeneratedError, Output, stepCountIs, streamText, tool } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { resolveEngine } from '../../native/index.ts';
import { createCodex } from '../../sdk/ai-sdk.ts';
import { Sandbox } from '../../sdk/index.ts';
import { type ModelAnswer, scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();

async function provider(answers: ModelAnswer[], thread: object = { sandbox: Sandbox.readOnly }) {
  const model = await scriptedModel(answers, { codexBin, config: 'tools.update_plan = { enabled = true }' });
  onTestFinished(() => model.close());
  const codex = createCodex({ config: model.config, thread });
  onTestFinished(() => codex.close());
  return { model, codex };
}

/** What the model was told in its n-th request, without the engine's own. */
const inputOf = (body: Record<string, unknown> = {}) =>
  (body['input'] as Record<string, unknown>[]).filter(({ role }) => role !== 'developer');
const calling = (...ids: string[]): ModelAnswer => ({
  calls: ids.map((id) => ({ name: 'ticket', arguments: { id } })),
});
const ticket = (execute: (input: { id: string }) => unknown = ({ id }) => `${id} is open`) =>
  tool({ description: 'Reads a ticket.', inputSchema: z.object({ id: z.string() }), execute });

test('generateText gives the text, the usage and the thread; the next call continues it', async () => {
  const { model, codex } = await provider([
    {
      reasoning: { summary: ['I think'] },
      message: 'Hello.',
      usage: { input: 10, cached: 4, output: 5, reasoning: 2, total: 15 },
    },
    { message: 'Again.' },
  ]);
  const prompt = { role: 'user' as const, content: 'hi' };
  const first = await generateText({ model: codex(), messages: [prompt], instructions: 'Be short.' });
  expect(first).toMatchObject({ text: 'Hello.', reasoningText: 'I think', finishReason: 'stop', warnings: [] });
  expect(first.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, inputTokenDetails: { cacheReadTokens: 4 } });
  expect(JSON.stringify(model.requests[0]?.body)).toContain('Be short.');
  const messages = [prompt, ...first.responseMessages, { role: 'user' as const, content: 'more' }];
  const second = await generateText({ model: codex(), messages, instructions: 'Be short.' });
  expect(second.text).toBe('Again.');
  expect(second.providerMetadata?.['codex']?.['threadId']).toBe(first.providerMetadata?.['codex']?.['threadId']);
});

test('streamText gives pieces, and runs two tools at once in a loop of steps, in one turn of the engine', async () => {
  const { model, codex } = await provider([
    {
      parts: [
        { message: 'Let me see.', phase: 'commentary' },
        ...['1', '2'].map((id) => ({ call: { name: 'ticket', arguments: { id } } })),
      ],
      usage: { input: 7, output: 3, total: 10 },
    },
    calling('3'),
    { stream: ['Do', 'ne.'] },
  ]);
  const result = streamText({ model: codex(), prompt: 'look', tools: { ticket: ticket() }, stopWhen: stepCountIs(5) });
  const pieces: string[] = [];
  for await (const piece of result.textStream) pieces.push(piece);
  expect(pieces).toEqual(['Let me see.', 'Do', 'ne.']);
  const steps = await result.steps;
  expect(steps.map(({ finishReason, toolCalls }) => [finishReason, toolCalls.length])).toEqual([
    ['tool-calls', 2],
    ['tool-calls', 1],
    ['stop', 0],
  ]);
  expect(steps[0]?.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
  expect(new Set(steps.map(({ providerMetadata }) => providerMetadata?.['codex']?.['turnId'])).size).toBe(1);
  const outputs = inputOf(model.requests[2]?.body).flatMap(({ output }) => (output === undefined ? [] : [output]));
  expect(outputs).toEqual(['1 is open', '2 is open', '3 is open']);
});

test('what the engine does itself are calls that the provider has executed', async () => {
  const { codex } = await provider(
    [{ call: { name: 'exec_command', arguments: { cmd: 'echo hi' } } }, { message: 'Said hi.' }],
    { sandbox: Sandbox.fullAccess },
  );
  const { steps, text } = await generateText({ model: codex(), prompt: 'say hi', tools: { ticket: ticket() } });
  expect([text, steps.length]).toEqual(['Said hi.', 1]);
  const [call] = steps[0]?.toolCalls ?? [];
  expect(call).toMatchObject({ toolName: 'commandExecution', providerExecuted: true, dynamic: true });
  const [result] = steps[0]?.toolResults ?? [];
  expect(result).toMatchObject({ output: { status: 'completed', exitCode: 0, output: 'hi\n' } });
});

test('an object comes as the schema has it, also where the model has to write null', async () => {
  const schema = z.object({ risk: z.enum(['low', 'high']), note: z.string().optional() });
  const { model, codex } = await provider([
    { message: '{"risk":"low","note":null}' },
    { stream: ['{"risk":', '"high","note":"x"}'] },
  ]);
  const output = Output.object({ schema });
  expect((await generateText({ model: codex(), prompt: 'judge', output })).output).toEqual({ risk: 'low' });
  expect(model.requests[0]?.body['text']).toMatchObject({
    format: { type: 'json_schema', strict: true, schema: { required: ['risk', 'note'] } },
  });
  expect(await streamText({ model: codex(), prompt: 'judge', output }).output).toEqual({ risk: 'high', note: 'x' });
});

test('a history of another model goes to a new thread first', async () => {
  const { model, codex } = await provider([{ message: 'Yes.' }]);
  await generateText({
    model: codex(),
    messages: [
      { role: 'user', content: 'My name is Ada.' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Hello Ada.' },
          { type: 'tool-call', toolCallId: 'c', toolName: 'ticket', input: { id: '1' } },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'c', toolName: 'ticket', output: { type: 'text', value: 'open' } },
        ],
      },
      { role: 'assistant', content: 'It is open.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Sure?' },
          { type: 'file', data: Buffer.from('notes').toString('base64'), mediaType: 'text/plain', filename: 'n.txt' },
          { type: 'file', data: png, mediaType: 'image/png' },
        ],
      },
    ],
  });
  const said = inputOf(model.requests[0]?.body).filter((item) => !JSON.stringify(item).includes('environment_context'));
  expect(
    said.map(({ type, role, content, output, name }) =>
      role
        ? [role, (content as { text?: string; type: string }[]).map(({ text, type }) => text ?? type)]
        : [type, name ?? output],
    ),
  ).toEqual([
    ['user', ['My name is Ada.']],
    ['assistant', ['Hello Ada.']],
    ['function_call', 'ticket'],
    ['function_call_output', 'open'],
    ['assistant', ['It is open.']],
    ['user', ['Sure?', '<file name="n.txt">\nnotes\n</file>', 'input_image']],
  ]);
});

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('an abort interrupts the turn, in the middle of a text and while a tool runs', async () => {
  const { model, codex } = await provider([{ stream: ['Do'], hold: 'never' }, calling('1'), { message: 'Next.' }]);
  const stop = new AbortController();
  const reading = streamText({ model: codex(), prompt: 'go', abortSignal: stop.signal });
  const kinds: string[] = [];
  for await (const part of reading.fullStream) {
    kinds.push(part.type);
    if (part.type === 'text-delta') stop.abort(new Error('enough'));
  }
  expect(kinds.at(-1)).toBe('abort');
  const later = new AbortController();
  const tools = {
    ticket: ticket(() => {
      later.abort(new DOMException('enough', 'AbortError'));
      later.signal.throwIfAborted();
    }),
  };
  const running = generateText({
    model: codex(),
    prompt: 'go',
    tools,
    stopWhen: stepCountIs(2),
    abortSignal: later.signal,
  });
  await expect(running).rejects.toThrow('enough');
  // The engine is free again.
  expect((await generateText({ model: codex(), prompt: 'go' })).text).toBe('Next.');
  await model.finish();
});

test('a turn that fails is an APICallError with the status of the model’s service, and says whether it may pass', async () => {
  const { codex } = await provider([
    { fail: { status: 401, message: 'no key' } },
    { fail: { status: 503, code: 'server_is_overloaded' } },
    { fail: { status: 500 } },
    { message: 'At last.' },
  ]);
  const call = (maxRetries = 0) => generateText({ model: codex(), prompt: 'go', maxRetries });
  const failed = async (statusCode: number, isRetryable: boolean) => {
    const error = await call().catch((one: unknown) => one);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      statusCode,
      isRetryable,
      data: { kind: expect.any(String) },
      cause: { name: expect.any(String) },
    });
  };
  await failed(401, false);
  await failed(503, true);
  expect((await call(1)).text).toBe('At last.');
});

test('a tool that throws, one that the user denies, and one without a result are told to the model', async () => {
  const { model, codex } = await provider([calling('1', '2'), { message: 'So be it.' }]);
  const failing = ticket(({ id }) => {
    if (id === '1') throw new Error('the tracker is down');
    return 'open';
  });
  const tools = { ticket: { ...failing, needsApproval: async ({ id }: { id: string }) => id === '2' } };
  const messages: ModelMessage[] = [{ role: 'user', content: 'go' }];
  const first = await generateText({ model: codex(), messages, tools, stopWhen: stepCountIs(3) });
  const asked = first.content.find(({ type }) => type === 'tool-approval-request') as { approvalId: string };
  messages.push(...first.responseMessages, {
    role: 'tool',
    content: [{ type: 'tool-approval-response', approvalId: asked.approvalId, approved: false, reason: 'not now' }],
  });
  const second = await generateText({ model: codex(), messages, tools, stopWhen: stepCountIs(3) });
  expect(second.text).toBe('So be it.');
  expect(model.requests).toHaveLength(2);
  const outputs = inputOf(model.requests[1]?.body).flatMap(({ output }) => (output === undefined ? [] : [output]));
  expect(outputs).toEqual(['Error: the tracker is down', 'The user denied the call: not now']);
});

test('a thread by its id goes on in another program, with its tools', async () => {
  const { model, codex } = await provider([{ message: 'One.' }, calling('1'), { message: 'Two.' }]);
  const first = await generateText({ model: codex(), prompt: 'hi', tools: { ticket: ticket() } });
  await codex.close();
  const other = createCodex({ config: model.config });
  onTestFinished(() => other.close());
  const threadId = String(first.providerMetadata?.['codex']?.['threadId']);
  const second = await generateText({
    model: other(),
    prompt: 'and now?',
    tools: { ticket: ticket() },
    stopWhen: stepCountIs(2),
    providerOptions: { codex: { threadId } },
  });
  expect([second.text, second.providerMetadata?.['codex']?.['threadId']]).toEqual(['Two.', threadId]);
  expect(JSON.stringify(inputOf(model.requests[2]?.body))).toMatch(/"hi".*"One\.".*"and now\?".*"1 is open"/);
});

test('an answer that does not fit the schema is the AI SDK’s own error, with the text', async () => {
  const { codex } = await provider([{ message: 'I would rather not.' }]);
  const output = Output.object({ schema: z.object({ risk: z.string() }) });
  const error = await generateText({ model: codex(), prompt: 'judge', output }).catch((one: unknown) => one);
  expect(NoObjectGeneratedError.isInstance(error) && error.text).toBe('I would rather not.');
});

test('an engine that dies while a tool runs ends the turn; the results go to a new thread, with the history', async () => {
  const { model, codex } = await provider([calling('1'), { message: 'I know.' }]);
  const messages: ModelMessage[] = [{ role: 'user', content: 'go' }];
  const first = await generateText({ model: codex(), messages, tools: { ticket: ticket() } });
  await codex.close();
  messages.push(...first.responseMessages);
  expect((await generateText({ model: codex(), messages, tools: { ticket: ticket() } })).text).toBe('I know.');
  expect(JSON.stringify(inputOf(model.requests[1]?.body))).toMatch(/"go".*"function_call".*"1 is open"/);
});
