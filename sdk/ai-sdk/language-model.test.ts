import { APICallError, type LanguageModelV4CallOptions, type LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { expect, test, vi } from 'vitest';
import { CodexError } from '../index.ts';
import type { Conversations } from './conversations.ts';
import { languageModel } from './language-model.ts';

const prompt: LanguageModelV4CallOptions = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }] };
const metadata = { codex: { threadId: 'th', turnId: 't' } };
const parts: LanguageModelV4StreamPart[] = [
  { type: 'text-start', id: 'a', providerMetadata: metadata },
  { type: 'text-delta', id: 'a', delta: 'Y' },
  { type: 'text-delta', id: 'a', delta: 'es' },
  { type: 'text-end', id: 'a' },
  {
    type: 'finish',
    finishReason: { unified: 'stop', raw: 'completed' },
    usage: { inputTokens: {}, outputTokens: {} } as never,
    providerMetadata: metadata,
  },
];

/** A model whose turn says these parts, and then fails if that is asked for. */
function model(failure?: Error) {
  const seen = { asked: 0, left: false, raw: [] as boolean[] };
  const stop = vi.fn();
  const turn = {
    ...{ id: 't', threadId: 'th', stop },
    async *step(raw: boolean) {
      seen.raw.push(raw);
      try {
        for (const part of failure ? parts.slice(0, 2) : parts) {
          seen.asked += 1;
          yield part;
        }
        if (failure) throw failure;
      } finally {
        seen.left = true;
      }
    },
  };
  const conversations = { turnFor: vi.fn(async () => turn), failed: vi.fn() };
  return { own: languageModel('gpt', conversations as unknown as Conversations), seen, stop, conversations };
}

test('a stream asks for nothing that nobody reads; one that is cancelled stops the turn, and has left it in the end', async () => {
  const { own, seen, stop } = model();
  const { stream } = await own.doStream(prompt);
  await new Promise(setImmediate);
  expect(seen.asked).toBe(0);
  const reader = stream.getReader();
  expect((await reader.read()).value).toEqual({ type: 'stream-start', warnings: [] });
  expect((await reader.read()).value).toMatchObject({ type: 'response-metadata', id: 't', modelId: 'gpt' });
  expect((await reader.read()).value).toEqual(parts[0]);
  await new Promise(setImmediate);
  expect([seen.asked, seen.left]).toEqual([1, false]);
  await reader.cancel('enough');
  expect(stop).toHaveBeenCalledExactlyOnceWith('enough');
  expect([seen.asked, seen.left]).toEqual([1, true]);
});

test('a result has all that a stream has, and raw chunks come only to a stream that asks for them', async () => {
  const { own, seen } = model();
  const options = { ...prompt, temperature: 1, includeRawChunks: true };
  const warnings = [expect.objectContaining({ type: 'unsupported', feature: 'temperature' })];
  expect(await own.doGenerate(options)).toEqual({
    ...{ content: [{ type: 'text', text: 'Yes', providerMetadata: metadata }], warnings, providerMetadata: metadata },
    ...{ finishReason: { unified: 'stop', raw: 'completed' }, usage: { inputTokens: {}, outputTokens: {} } },
    response: { id: 't', modelId: 'gpt', timestamp: expect.any(Date) },
  });
  const streamed: LanguageModelV4StreamPart[] = [];
  for await (const part of (await own.doStream(options)).stream) streamed.push(part);
  expect(streamed[0]).toEqual({ type: 'stream-start', warnings });
  expect(streamed.slice(2)).toEqual(parts);
  for await (const _ of (await own.doStream(prompt)).stream);
  expect(seen.raw).toEqual([false, true, false]);
});

test('a failure names the thread: that of the turn, or the one that was to be continued; the provider hears of a start that failed', async () => {
  const failure = new CodexError('no', { kind: 'protocol' });
  const { own, conversations } = model(failure);
  const of = (threadId?: string) => ({
    ...{ name: 'AI_APICallError', message: 'no', cause: failure },
    requestBodyValues: threadId === undefined ? {} : { threadId },
  });
  await expect(own.doGenerate(prompt)).rejects.toMatchObject(of('th'));
  expect(conversations.failed).not.toHaveBeenCalled();
  conversations.turnFor.mockRejectedValue(failure);
  await expect(own.doGenerate(prompt)).rejects.toMatchObject(of());
  const continued = { ...prompt, providerOptions: { codex: { threadId: 'earlier' } } };
  await expect(own.doStream(continued)).rejects.toMatchObject(of('earlier'));
  expect(conversations.failed.mock.calls).toEqual([[failure], [failure]]);
  await expect(own.doGenerate(prompt)).rejects.toSatisfy((error) => APICallError.isInstance(error));
});

test('a step without an end is an error', async () => {
  const { own, conversations } = model();
  const nothing = { ...(await conversations.turnFor()), async *step() {} };
  conversations.turnFor.mockResolvedValue(nothing as never);
  await expect(own.doGenerate(prompt)).rejects.toThrow('a step has no end');
});
