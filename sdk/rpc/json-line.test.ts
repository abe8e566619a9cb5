import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withThread } from '../test-fixtures/connected-client.ts';
import { jsonLine } from './json-line.ts';

/** Every code unit alone, pairs, backslashes, and what looks like an escape. */
const texts = fc.string({
  unit: fc.constantFrom('\ud800', '\udbff', '\udc00', '\udfff', '😀', '\\', '\\ud800', 'ud800', 'u', 'a', '"', '\n'),
  maxLength: 8,
});

/** As Node writes a text in UTF-8. */
const wellFormed = (text: string) => Buffer.from(text).toString();

test('what is sent is what JSON says, with halves of surrogate pairs replaced and nothing else', () => {
  fc.assert(
    fc.property(texts, texts, (key, value) => {
      expect(JSON.parse(jsonLine({ [`k${key}`]: [value] }))).toEqual({
        [`k${wellFormed(key)}`]: [wellFormed(value)],
      });
    }),
  );
  expect(jsonLine(undefined)).toBeUndefined();
  expect(jsonLine(() => 1)).toBeUndefined();
});

test('no request and no answer has half of a pair: the engine would leave it unanswered', async () => {
  const { engine, codex, thread } = await withThread({
    onServerRequest: () => ({ contentItems: [{ type: 'inputText', text: 'cut \ud83d' }], success: true }),
  });
  const running = thread.run('cut \ud83d');
  expect(await engine.answer({ turn: { id: 't' } })).toMatchObject({ params: { input: [{ text: 'cut \ufffd' }] } });
  const call = { threadId: 'th', turnId: 't', callId: 'c', tool: 'x', arguments: {} };
  engine.send({ id: 7, method: 'item/tool/call', params: call });
  expect(await engine.next()).toMatchObject({ id: 7, result: { contentItems: [{ text: 'cut \ufffd' }] } });
  await codex.close();
  await expect(running).rejects.toThrow();
});
