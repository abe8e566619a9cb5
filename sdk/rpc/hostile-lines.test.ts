import { expect, test, vi } from 'vitest';
import { EngineExitError } from '../errors/connection-errors.ts';
import type { JsonRpcError } from '../errors/rpc-errors.ts';
import { setUp } from '../test-fixtures/memory-connection.ts';
import { deepestJson } from '../transport/parse-json.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const exit = new EngineExitError('Codex process closed stdout. stderr_tail=boom', {
  exitCode: 137,
  signal: null,
  stderrTail: 'boom',
});

test('a line that the end of the engine cuts off is told with how the engine ended', async () => {
  const { connection, peer, ask } = await setUp();
  const { answer } = await ask('m');
  peer.send('{"id":"x","resu', false);
  peer.end(exit);
  const later = connection.request('later', {});
  for (const [action, call] of Object.entries({ m: answer, later })) {
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'EngineExitError',
      message: exit.message,
      exitCode: 137,
      action,
      retryable: true,
    });
    expect(error).toMatchObject({ stderrTail: 'boom', reason: exit.reason });
    expect((error as Error).cause).toMatchObject({
      message: `Invalid JSON-RPC line: '{"id":"x","resu'`,
      kind: 'protocol',
    });
  }
});

test('a last line that is whole counts, and the end is told as any other', async () => {
  const { peer, ask } = await setUp();
  const { answer, id } = await ask('m');
  const other = await ask('n');
  peer.send(JSON.stringify({ id, result: { a: 1 } }), false);
  peer.end(exit);
  expect(await answer).toEqual({ a: 1 });
  const error = await other.answer.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'EngineExitError', exitCode: 137 });
  expect('cause' in (error as Error)).toBe(false);
});

test('the error of a transport of the program’s own is the cause, whatever was cut off', async () => {
  const { peer, ask } = await setUp();
  const { answer } = await ask('m');
  const own = new Error('gone');
  peer.send('{"id', false);
  peer.end(own);
  await expect(answer).rejects.toMatchObject({ kind: 'transport-closed', message: 'gone', cause: own });
});

test.each([
  ['an id', (levels: number) => `{"id":${nested(levels)},"method":"item/tool/call","params":{}}`],
  ['parameters', (levels: number) => `{"id":1,"method":"item/tool/call","params":${nested(levels)}}`],
  ['a payload', (levels: number) => `{"method":"n","params":{"a":${nested(levels)}}}`],
])('%s may be nested, but not too deeply', async (_, line) => {
  const { peer, ask } = await setUp();
  const { answer, id } = await ask('m');
  peer.send(line(deepestJson - 3));
  if (line(1).includes('"id"')) expect((await peer.next()).length).toBeGreaterThan(10);
  peer.send(JSON.stringify({ id, result: { alive: true } }));
  expect(await answer).toEqual({ alive: true });
  const waiting = await ask('m');
  peer.send(line(5000));
  await expect(waiting.answer).rejects.toThrow(
    /^Reading a line from the Codex process: expected JSON nested at most 1000 levels deep/,
  );
});

test('an error with data of any depth, or a message that is no text, is that of its caller', async () => {
  const { peer, ask } = await setUp();
  const deep = `${'[{"a":'.repeat(400)}"server_overloaded"${'}]'.repeat(400)}`;
  const { answer, id } = await ask('m');
  peer.send(`{"id":${JSON.stringify(id)},"error":{"code":-32050,"message":${deep},"data":${deep}}}`);
  const error = await answer.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ServerBusyError', code: -32050, retryable: true });
  expect((error as Error).message).toMatch(/^JSON-RPC error -32050: \[\{'a': \[\{'a': [[{'a: ]+…$/);
  expect((error as Error).message.length).toBeLessThan(2100);
});

test('an answer that cannot be written ends the connection, and nobody else', async () => {
  const { peer, ask } = await setUp();
  const { answer } = await ask('m');
  const stringify = vi.spyOn(JSON, 'stringify').mockImplementation(() => {
    throw new RangeError('Maximum call stack size exceeded');
  });
  peer.send('{"id":1,"method":"item/tool/call","params":{}}');
  await expect(answer).rejects.toThrow('could not answer a request of the Codex process');
  stringify.mockRestore();
  await expect(answer).rejects.toMatchObject({
    kind: 'protocol',
    cause: new RangeError('Maximum call stack size exceeded'),
  });
});

test('what an engine says at length is in no error’s text', async () => {
  const { peer, ask } = await setUp();
  const long = 'x'.repeat(5_000_000);
  const { answer, id } = await ask('m');
  peer.send(JSON.stringify({ id, error: { code: 1, message: long } }));
  const error = await answer.catch((thrown: unknown) => thrown);
  expect((error as JsonRpcError).rpcMessage === long).toBe(true);
  expect((error as Error).message.slice(-24)).toBe('xx… (5000018 characters)');
  expect((error as Error).message.length).toBeLessThan(17_000);
  const waiting = await ask('m'.repeat(1000));
  peer.send(`${'\u0001'.repeat(5_000_000)}`);
  const malformed = await waiting.answer.catch((thrown: unknown) => thrown);
  expect((malformed as Error).message).toHaveLength(2045);
  expect((malformed as { action: string }).action).toMatch(/^m{200}… \(1000 characters\)$/);
});
