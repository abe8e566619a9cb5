import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { type FilePart, fileInput } from './files.ts';
import { readPrompt } from './read-prompt.ts';

const file = (mediaType: string, data: FilePart['data'], filename?: string): FilePart => ({
  ...{ type: 'file', mediaType, data },
  ...(filename !== undefined && { filename }),
});
const bytes = new Uint8Array([1, 2, 3]);
const base64 = Buffer.from(bytes).toString('base64');

test.each<[string, FilePart, object]>([
  [
    'bytes of an image',
    file('image/gif', { type: 'data', data: bytes }),
    { type: 'image', url: `data:image/gif;base64,${base64}` },
  ],
  [
    'base64 of an image',
    file('image/gif', { type: 'data', data: base64 }),
    { type: 'image', url: `data:image/gif;base64,${base64}` },
  ],
  [
    'an image of any kind',
    file('image', { type: 'data', data: bytes }),
    { type: 'image', url: `data:image/png;base64,${base64}` },
  ],
  [
    'an image of any kind, with a star',
    file('image/*', { type: 'data', data: bytes }),
    { type: 'image', url: `data:image/png;base64,${base64}` },
  ],
  [
    'a data URL',
    file('image/png', { type: 'url', url: new URL('data:image/png;base64,AA==') }),
    { type: 'image', url: 'data:image/png;base64,AA==' },
  ],
  ['audio', file('audio', { type: 'data', data: bytes }), { type: 'audio', url: `data:audio/wav;base64,${base64}` }],
  ['text', file('text/plain', { type: 'text', text: 'hé' }), { type: 'text', text: 'hé' }],
  [
    'bytes of a text',
    file('text/csv', { type: 'data', data: new TextEncoder().encode('a,é') }),
    { type: 'text', text: 'a,é' },
  ],
  ['a text of another kind', file('application/json', { type: 'text', text: '{}' }), { type: 'text', text: '{}' }],
  [
    'a text with a name',
    file('text/plain', { type: 'text', text: 'x' }, 'a "b".txt'),
    { type: 'text', text: '<file name="a \\"b\\".txt">\nx\n</file>' },
  ],
])('a file as input: %s', (_name, part, input) => {
  expect(fileInput(part)).toEqual(input);
});

test('a view of a longer buffer gives its own bytes alone', () => {
  const view = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
  expect(fileInput(file('image/png', { type: 'data', data: view }))).toEqual({
    type: 'image',
    url: `data:image/png;base64,${base64}`,
  });
});

test.each<[string, FilePart, string]>([
  ['another kind', file('application/pdf', { type: 'data', data: bytes }), 'got application/pdf'],
  ['a kind without a name', file('font', { type: 'data', data: bytes }), 'got font'],
  [
    'an address that nobody loaded',
    file('image/png', { type: 'url', url: new URL('https://example.com/a.png') }),
    'got image/png',
  ],
  [
    'a reference',
    file('image/png', { type: 'reference', reference: { other: 'id' } }),
    'got a reference to a file of another provider',
  ],
])('a file that the engine does not take: %s', (_name, part, got) => {
  expect(() => fileInput(part)).toThrow(got);
});

const codex = (threadId: unknown, turnId?: unknown) => ({ providerOptions: { codex: { threadId, turnId } as never } });
const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'add' } as const;
const result = (output: LanguageModelV4ToolResultOutput): LanguageModelV4Prompt[number] => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'add', output }],
});
const answered = (output: LanguageModelV4ToolResultOutput): LanguageModelV4Prompt => [
  { role: 'user', content: [{ type: 'text', text: 'add' }] },
  { role: 'assistant', content: [{ ...call, input: undefined }] },
  result(output),
];

const said = (text: string, isError = false) => ({ content: [{ type: 'text', text }], isError });
test.each<[LanguageModelV4ToolResultOutput, object, string]>([
  [{ type: 'text', value: 'one' }, said('one'), 'one'],
  [{ type: 'json', value: { a: [1] } }, said('{"a":[1]}'), '{"a":[1]}'],
  [{ type: 'error-text', value: 'bad' }, said('bad', true), 'bad'],
  [{ type: 'error-json', value: { code: 1 } }, said('{"code":1}', true), '{"code":1}'],
  [{ type: 'execution-denied' }, said('The user denied the call.', true), 'The user denied the call.'],
  [
    { type: 'execution-denied', reason: 'no' },
    said('The user denied the call: no', true),
    'The user denied the call: no',
  ],
  [{ type: 'later' } as never, said('{"type":"later"}'), '{"type":"later"}'],
  [
    {
      type: 'content',
      value: [
        { type: 'text', text: 'one' },
        file('image/png', { type: 'data', data: base64 }) as never,
        file('audio/wav', { type: 'data', data: base64 }) as never,
        file('text/plain', { type: 'text', text: 'two' }) as never,
        file('application/pdf', { type: 'data', data: base64 }) as never,
        file('image/png', { type: 'url', url: new URL('https://example.com') }) as never,
        { type: 'custom' },
      ],
    },
    {
      content: [
        { type: 'text', text: 'one' },
        { type: 'image', data: base64, mimeType: 'image/png' },
        { type: 'audio', data: base64, mimeType: 'audio/wav' },
        { type: 'text', text: 'two' },
        { type: 'text', text: '[application/pdf]' },
        { type: 'text', text: '[image/png]' },
        { type: 'text', text: '[custom]' },
      ],
    },
    'one\n[image/png]\n[audio/wav]\ntwo\n[application/pdf]\n[image/png]\n[custom]',
  ],
])('the result of a tool: %j', (output, content, text) => {
  const read = readPrompt(answered(output));
  expect(read.results.get('c1')).toEqual(content);
  expect(read.history.at(-1)).toEqual({ type: 'function_call_output', call_id: 'c1', output: text });
});

test('what was said before is history, what follows the last answer is input', () => {
  const image = file('image/png', { type: 'data', data: bytes });
  const read = readPrompt([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [{ type: 'text', text: 'look' }, image, file('audio/wav', { type: 'data', data: bytes })],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'seen' },
        { ...call, input: { a: 1 } },
      ],
    },
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: [{ type: 'text', text: 'and now' }, image] },
  ]);
  expect(read.instructions).toBe('Be brief.\n\nBe kind.');
  const url = `data:image/png;base64,${base64}`;
  expect(read.history).toEqual([
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'look' },
        { type: 'input_image', image_url: url },
        { type: 'input_text', text: '[audio]' },
      ],
    },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'seen' }] },
    { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
  ]);
  expect(read.input).toEqual([
    { type: 'text', text: 'and now' },
    { type: 'image', url },
  ]);
  expect(read.calls).toEqual([{ id: 'c1', mark: undefined }]);
});

test('a call without input has the arguments of none; one that the provider made is not for the program', () => {
  const read = readPrompt([
    {
      role: 'assistant',
      content: [
        { ...call, input: undefined },
        { ...call, toolCallId: 'c2', input: {}, providerExecuted: true },
      ],
    },
  ]);
  expect(read.calls.map(({ id }) => id)).toEqual(['c1']);
  expect(read.history[0]).toMatchObject({ arguments: '{}' });
  expect(read.instructions).toBeUndefined();
});

test('an approval in a message of tools is no result', () => {
  const read = readPrompt([
    { role: 'assistant', content: [{ ...call, input: {} }] },
    { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved: true }] },
  ]);
  expect(read.results.size).toBe(0);
});

test('the last part of the answer that names its thread is its mark', () => {
  const mark = (...parts: object[]) =>
    readPrompt([{ role: 'assistant', content: parts.map((part) => ({ type: 'text', text: '', ...part })) as never }])
      .mark;
  expect(mark(codex('t1', 'u1'), codex('t2', 'u2'), {})).toEqual({ threadId: 't2', turnId: 'u2' });
  expect(mark(codex('t1', 7))).toEqual({ threadId: 't1', turnId: undefined });
  expect(mark(codex(7))).toBeUndefined();
  expect(mark({ providerOptions: { other: {} } }, {})).toBeUndefined();
});

test('of several answers, the last one is continued: what came before it is history', () => {
  const answer = (id: string) => ({ role: 'assistant' as const, content: [{ ...call, toolCallId: id, input: {} }] });
  const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
  const read = readPrompt([user('one'), answer('c1'), user('two'), answer('c2'), user('three')]);
  expect(read.calls.map(({ id }) => id)).toEqual(['c2']);
  expect(JSON.stringify(read.input)).toContain('three');
  expect(JSON.stringify(read.input)).not.toContain('two');
});
