import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';
import { memoryTransport } from '../transport/memory.ts';
import { errorFromAnswer, idText, parseMessage } from './incoming-message.ts';

const parse = (text: string, terminated = true) => parseMessage({ text, terminated });

test('an object is a message', () => {
  expect(parse('{"id":1}')).toEqual({ id: 1 });
  expect(parse('{"text":"\\ud800"}')).toEqual({ text: '\ud800' });
});

test.each([
  ['', "Invalid JSON-RPC line: '\\n'"],
  ['not json', "Invalid JSON-RPC line: 'not json\\n'"],
  ["it's", `Invalid JSON-RPC line: "it's\\n"`],
  ['{}{}', "Invalid JSON-RPC line: '{}{}\\n'"],
  ['\ufeff{}', "Invalid JSON-RPC line: '\\ufeff{}\\n'"],
  ['[1, "a", null]', "Invalid JSON-RPC payload: [1, 'a', None]"],
  ['true', 'Invalid JSON-RPC payload: True'],
  ['"x"', "Invalid JSON-RPC payload: 'x'"],
])('%j is malformed', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('a line that the end cut off is quoted without a line feed, a long one is cut', () => {
  expect(() => parse('{"a', false)).toThrow(/^Invalid JSON-RPC line: '\{"a'$/);
  expect(() => parse('x'.repeat(5000))).toThrow(/x… \(5003 characters\)$/);
});

test.each([null, 'no', [], 5, true])('an error member that is %j is malformed', (error) => {
  expect(errorFromAnswer(error, 'm')).toMatchObject({
    name: 'CodexError',
    message: 'Malformed JSON-RPC error response',
  });
});

test.each([
  [{ code: -32601, message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: '-32601', message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: -32601.9, message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: true, message: 'm' }, 'JsonRpcError', 1, 'm'],
  [{}, 'CodexRpcError', -32000, 'unknown'],
  [{ code: 'abc', message: 'm' }, 'CodexRpcError', -32000, 'm'],
  [{ code: null, message: null }, 'CodexRpcError', -32000, 'None'],
  [{ code: {}, message: { a: [1] } }, 'CodexRpcError', -32000, "{'a': [1]}"],
])('%j', (error, name, code, rpcMessage) => {
  expect(errorFromAnswer(error, 'm')).toMatchObject({
    name,
    code,
    rpcMessage,
    message: `JSON-RPC error ${code}: ${rpcMessage}`,
  });
});

test.each([
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
  '1e3',
  '1.0',
  '-0',
  '1e400',
  '0.1000000000000000000001',
  'null',
  'true',
  '""',
  '"\\u0041\\/\\ud800"',
  '"a \\" , } ] { \\\\"',
  `"${'long '.repeat(20_000)}"`,
  '[1e3,{"id":2}]',
  `${'['.repeat(900)}${']'.repeat(900)}`,
])('the answer has the id as the engine wrote it: %s', async (id) => {
  for (const line of [
    `{"id":${id},"method":"item/tool/call","params":{"id":5}}`,
    `{"method":"item/tool/call","params":{"id":5,"a":[{"id":6}],"b":"\\"id\\":7"},"id":${id}}`,
    ` { "id" : 8 , "x" : "id" , "\\u0069d" : ${id} , "z" : { "id" : 9 } } `,
  ])
    expect(idText(line)).toBe(id);
  const { transport, peer } = memoryTransport();
  const codex = new Codex({ transport: () => transport, onServerRequest: () => ({ contentItems: [], success: true }) });
  const connecting = codex.connect();
  const hello = JSON.parse((await peer.next()) ?? '') as { id: string };
  peer.send(JSON.stringify({ id: hello.id, result: { userAgent: 'engine/1.0' } }));
  await connecting;
  await peer.next();
  peer.send(`{"id":${id},"method":"item/tool/call","params":{}}`);
  expect(await peer.next()).toBe(`{"id":${id},"result":{"contentItems":[],"success":true}}`);
  await codex.close();
});

test('of any message, it is the text that JSON.parse has read the id from', () => {
  const json = fc.json({ stringUnit: 'binary', maxDepth: 4 });
  const escapes = fc.stringMatching(/^([a-z]{0,70}|\\[\\"n]){0,40}$/).map((text) => `"${text}"`);
  const key = fc.oneof(fc.constantFrom('id', 'i', 'method', 'id"', '\\', ''), fc.string({ unit: 'binary' }));
  const space = fc.constantFrom('', ' ', '\n\t');
  const member = fc
    .tuple(key, fc.oneof(json, escapes), space)
    .map(([name, value, gap]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${value}${gap}`);
  const message = fc
    .tuple(fc.array(member, { maxLength: 4 }), fc.oneof(json, escapes), fc.array(member, { maxLength: 4 }))
    .map(([before, id, after]) => `{${[...before, `"id":${id}`, ...after].join(',')}}`);
  fc.assert(
    fc.property(message, (line) => {
      const { id } = JSON.parse(line) as { id: unknown };
      expect(JSON.parse(idText(line))).toEqual(id);
      expect(line).toContain(idText(line));
    }),
    { numRuns: 1000 },
  );
});
