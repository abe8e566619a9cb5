import { getEventListeners } from 'node:events';
import { APICallError, type LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { CodexError, JsonRpcError, TurnFailedError } from '../index.ts';
import { readSettings } from './call-settings.ts';
import { engineTool } from './engine-tools.ts';
import { apiCallError } from './errors.ts';
import { fileInput } from './files.ts';
import { ToolCalls } from './tool-calls.ts';

const read = (options: Partial<LanguageModelV4CallOptions>) => readSettings({ prompt: [], ...options });

test.each([
  [undefined, undefined, undefined],
  ['high', undefined, 'high'],
  ['provider-default', undefined, undefined],
  ['high', 'low', 'low'],
  [undefined, 'low', 'low'],
] as const)('reasoning %s beside the effort %s is the effort %s', (reasoning, effort, expected) => {
  const given = effort === undefined ? {} : { effort };
  const options = { ...(reasoning && { reasoning }), providerOptions: { codex: given } };
  expect(read(options).settings.effort).toBe(expected);
  // What the program gave is its own.
  expect(given).toEqual(effort === undefined ? {} : { effort });
});

test.each([
  ...['maxOutputTokens', 'temperature', 'topP', 'topK', 'presencePenalty', 'frequencyPenalty', 'stopSequences', 'seed'],
])('%s is left out with a warning', (feature) => {
  expect(read({ [feature]: 0 }).warnings).toMatchObject([{ type: 'unsupported', feature }]);
  expect(read({ [feature]: undefined }).warnings).toEqual([]);
});

test.each([
  [{ toolChoice: { type: 'tool', toolName: 'x' } }, ['toolChoice tool']],
  [{ toolChoice: { type: 'required' } }, ['toolChoice required']],
  [{ toolChoice: { type: 'auto' } }, []],
  [{ toolChoice: { type: 'none' } }, []],
  [{ responseFormat: { type: 'json' } }, ['responseFormat']],
  [{ responseFormat: { type: 'json', schema: {} } }, []],
  [{ responseFormat: { type: 'text' } }, []],
] as const)('%j: left out are %j', (options, features) => {
  const { warnings } = read(options as never);
  expect(warnings.map((one) => 'feature' in one && one.feature)).toEqual(features);
});

const bytes = new Uint8Array(Buffer.from('a png here')).subarray(2, 5);

test.each([
  [
    { mediaType: 'image/png', data: { type: 'data', data: bytes } },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
  ],
  [
    { mediaType: 'image/*', data: { type: 'data', data: 'cG5n' } },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
  ],
  [
    { mediaType: 'image', data: { type: 'data', data: 'cG5n' } },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
  ],
  [
    { mediaType: 'audio/mp3', data: { type: 'data', data: 'cG5n' } },
    { type: 'audio', url: 'data:audio/mp3;base64,cG5n' },
  ],
  [
    { mediaType: 'audio/*', data: { type: 'data', data: 'cG5n' } },
    { type: 'audio', url: 'data:audio/wav;base64,cG5n' },
  ],
  [
    { mediaType: 'image/png', data: { type: 'url', url: new URL('data:image/png;base64,AA') } },
    { type: 'image', url: 'data:image/png;base64,AA' },
  ],
  [
    { mediaType: 'text/plain', data: { type: 'data', data: bytes } },
    { type: 'text', text: 'png' },
  ],
  [
    { mediaType: 'text/plain', filename: 'a "b".txt', data: { type: 'text', text: 'said' } },
    { type: 'text', text: '<file name="a \\"b\\".txt">\nsaid\n</file>' },
  ],
])('the file %j is the input %j', (part, input) => {
  expect(fileInput({ type: 'file', ...part } as never)).toEqual(input);
});

test.each([
  [{ mediaType: 'image/png', data: { type: 'url', url: new URL('https://a.invalid/x.png') } }, 'got image/png'],
  [{ mediaType: 'audio/wav', data: { type: 'reference', reference: {} } }, 'got a reference to a file'],
  [{ mediaType: 'video/mp4', data: { type: 'data', data: 'AA' } }, 'got video/mp4'],
])('the file %j is refused', (part, got) => {
  expect(() => fileInput({ type: 'file', ...part } as never)).toThrow(got);
});

const item = (more: object) => engineTool({ id: 'i', ...more } as never);

test.each([
  [
    { type: 'fileChange', changes: [] },
    { completed: false, failed: true, declined: true },
  ],
  [
    { type: 'commandExecution', command: 'x', cwd: '/' },
    { completed: false, failed: false, declined: true },
  ],
  [
    { type: 'mcpToolCall', server: 's', tool: 't' },
    { completed: false, failed: true },
  ],
  [
    { type: 'dynamicToolCall', tool: 't' },
    { completed: false, failed: true },
  ],
])('%j is an error by its status', (of, statuses) => {
  for (const [status, isError] of Object.entries(statuses))
    expect([status, item({ ...of, status })]).toEqual([status, expect.objectContaining({ isError, early: true })]);
});

test('what a tool of the engine was given and gave back', () => {
  const args = { q: 1 };
  expect(item({ type: 'mcpToolCall', server: 's', tool: 't', arguments: args, status: 'completed' })).toMatchObject({
    ...{ name: 'mcp__s__t', input: args, result: { content: [], structuredContent: null } },
  });
  const contentItems = [{ type: 'inputText', text: 'x' }];
  expect(item({ type: 'dynamicToolCall', tool: 't', arguments: args, status: 'completed', contentItems })).toEqual({
    ...{ name: 't', input: args, early: true, isError: false, result: { status: 'completed', content: contentItems } },
  });
  const command = { type: 'commandExecution', command: 'ls', cwd: '/w', status: 'completed' };
  expect(item({ ...command, exitCode: 3, aggregatedOutput: 'out', durationMs: 5 })).toMatchObject({
    ...{ name: 'commandExecution', input: { command: 'ls', cwd: '/w' } },
    result: { status: 'completed', exitCode: 3, output: 'out', durationMs: 5 },
  });
  expect(item({ type: 'sleep', durationMs: 5 })).toMatchObject({
    name: 'sleep',
    early: false,
    result: { durationMs: 5 },
  });
  expect(item({ type: 'of a later engine' })).toBeUndefined();
});

test('calls of tools meet their answers in any order, by thread, and leave nothing', async () => {
  const calls = new ToolCalls();
  const { signal } = new AbortController();
  const said = (text: string) => ({ content: [{ type: 'text' as const, text }] });
  const asked = [calls.ask('one', 'c', signal), calls.ask('other', 'c', signal)];
  calls.answer('other', 'c', said('other'));
  calls.answer('one', 'c', said('one'));
  expect(await Promise.all(asked)).toEqual([said('one'), said('other')]);
  calls.answer('one', 'early', said('early'));
  expect(await calls.ask('one', 'early', signal)).toEqual(said('early'));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  // A call of that id that comes later is another one.
  let settled = false;
  const stop = new AbortController();
  void calls.ask('one', 'c', stop.signal).then(() => {
    settled = true;
  });
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  // One that nobody waits for is forgotten, and its answer is for the next of that id.
  stop.abort();
  calls.answer('one', 'c', said('late'));
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  expect(await calls.ask('one', 'c', signal)).toEqual(said('late'));
});

test('a failure of the engine has its status and its cause; a busy one has no status of its own', () => {
  const made = (error: unknown) => apiCallError(error, { APICallError }) as APICallError;
  const failed = (codexErrorInfo: string) => new TurnFailedError({ error: { message: 'no', codexErrorInfo } } as never);
  const statuses = {
    ...{ unauthorized: 401, badRequest: 400, contextWindowExceeded: 400, sessionBudgetExceeded: 429 },
    ...{ usageLimitExceeded: 429, serverOverloaded: 503, internalServerError: 500 },
  };
  for (const [word, status] of Object.entries(statuses)) expect(made(failed(word)).statusCode, word).toBe(status);
  const busy = new JsonRpcError(-32001, 'Server overloaded; retry later.');
  expect(made(busy).statusCode).toBe(busy.kind === 'server-busy' ? undefined : 400);
  const error = new CodexError('no', { kind: 'protocol' });
  expect(made(error).cause).toBe(error);
  expect(made(error)).toMatchObject({ isRetryable: false, data: { kind: 'protocol' } });
});
