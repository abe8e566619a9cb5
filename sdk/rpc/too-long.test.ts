import { expect, test } from 'vitest';
import { Codex, type CodexConfig, memoryTransport } from '../index.ts';
import { until } from '../test-fixtures/connected-client.ts';
import { MemoryEngine } from '../test-fixtures/memory-engine.ts';

const longest = 2000;

/** A connected client whose transport takes no longer line than this. */
async function limited(config: CodexConfig = {}, longestLine: number | undefined = longest) {
  const engine = new MemoryEngine();
  const transport = () => {
    const inner = memoryTransport();
    engine.peers.push(inner.peer);
    return { ...inner.transport, longestLine };
  };
  const codex = new Codex({ transport, ...config });
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  await engine.greet();
  await connecting;
  return { engine, codex };
}

/** One, two and three bytes for each character. */
test.each(['a', 'é', '€'])('a call of %s fails alone where it is too long, at the byte', async (letter) => {
  const { engine, codex } = await limited();
  const call = (threadId: string) => codex.threadArchive(threadId);
  const [, request] = await Promise.all([call(letter), engine.answer({})]);
  const frame = Buffer.byteLength(JSON.stringify(request)) - Buffer.byteLength(letter);
  const fill = (bytes: number) => {
    const count = Math.floor(bytes / Buffer.byteLength(letter));
    return letter.repeat(count) + 'x'.repeat(bytes - count * Buffer.byteLength(letter));
  };
  await Promise.all([call(fill(longest - frame)), engine.answer({})]);
  // Whatever is sent next is answered: it is the next call.
  const answered = engine.answer({});
  await expect(call(fill(longest - frame + 1))).rejects.toThrow(
    new RangeError(
      `Sending thread/archive to the engine: expected a message of at most ${longest} bytes, got one of ${longest + 1}. Send less at once.`,
    ),
  );
  await call('next');
  expect((await answered).params).toEqual({ threadId: 'next' });
  await codex.close();
});

test('a message that no string holds fails alone, whatever the transport', async () => {
  const { engine, codex } = await limited({}, undefined);
  const error = await codex.request('own/method', { toJSON: () => 'x'.repeat(2 ** 30) } as never).catch((one) => one);
  expect(error).toMatchObject({
    name: 'RangeError',
    message: expect.stringMatching(/^Sending own\/method to the engine: expected a message below \d+ characters/),
    cause: { message: 'Invalid string length' },
  });
  await Promise.all([codex.threadArchive('next'), engine.answer({})]);
  await codex.close();
});

test('a result of a tool that is too long: the model is told so, the program too, and the connection goes on', async () => {
  const failures: unknown[] = [];
  const handlerResult = async () => ({
    contentItems: [{ type: 'inputText' as const, text: 'x'.repeat(longest) }],
    success: true,
  });
  const { engine, codex } = await limited({
    onServerRequest: handlerResult,
    onServerRequestError: (error) => void failures.push(error),
  });
  engine.send({ id: 7, method: 'item/tool/call', params: { threadId: 'th', turnId: 't', callId: 'c', tool: 'x' } });
  await until(() => engine.peer.received.length === 1);
  const { id, result } = await engine.next();
  const { length } = JSON.stringify({ id: 7, result: await handlerResult() });
  const text = `x failed: Sending the answer to item/tool/call to the engine: expected a message of at most ${longest} bytes, got one of ${length}. Send less at once.`;
  expect({ id, result }).toEqual({ id: 7, result: { contentItems: [{ type: 'inputText', text }], success: false } });
  expect(failures).toMatchObject([
    { name: 'RangeError', message: expect.stringMatching(/^Sending the answer to item\/tool\/call to the engine: /) },
  ]);
  await Promise.all([codex.threadArchive('next'), engine.answer({})]);
  await codex.close();
});
