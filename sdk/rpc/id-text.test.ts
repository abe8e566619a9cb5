import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';
import { memoryTransport } from '../transport/memory.ts';
import { idText } from './id-text.ts';

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
