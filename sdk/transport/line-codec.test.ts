import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, LineDecoder } from './line-codec.ts';

function decode(bytes: Uint8Array, cuts: number[] = []): Line[] {
  const decoder = new LineDecoder();
  const lines: Line[] = [];
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i += 1) lines.push(...decoder.push(bytes.subarray(edges[i - 1], edges[i])));
  lines.push(...decoder.end());
  return lines;
}

test('any chunking gives the same lines, characters of several bytes split or not', () => {
  const text = fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '').replace(/\r+$/, ''));
  fc.assert(
    fc.property(fc.array(text), fc.boolean(), fc.array(fc.nat()), (lines, returns, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}${returns ? '\r' : ''}\n`).join(''));
      expect(decode(bytes, cuts)).toEqual(lines.map((line) => ({ text: line, terminated: true })));
    }),
  );
});

test('the last line may lack its end', () => {
  expect(decode(Buffer.from('a\nb'))).toEqual([
    { text: 'a', terminated: true },
    { text: 'b', terminated: false },
  ]);
});

test('only a line feed ends a line', () => {
  const text = 'a\u2028b\u2029c\u0085d\u000be\rf';
  expect(decode(Buffer.from(`${text}\n`))).toEqual([{ text, terminated: true }]);
});

test('a byte order mark stays, for the parser to refuse', () => {
  expect(decode(Buffer.from('\ufeff{}\n'))).toEqual([{ text: '\ufeff{}', terminated: true }]);
});

test('a line of many chunks is joined whole', () => {
  const text = `{"a":"${'é'.repeat(2_500_000)}"}`;
  const cuts = Array.from({ length: 200 }, (_, i) => i * 25_001);
  const lines = [text, '{}', text].map((line) => ({ text: line, terminated: true }));
  expect(decode(Buffer.from(`${text}\n{}\n${text}\n`), cuts)).toEqual(lines);
  expect(decode(Buffer.from(text), cuts)).toEqual([{ text, terminated: false }]);
});

test('bytes that are not UTF-8 are an error, after the lines before them', () => {
  const seen: string[] = [];
  const read = (): void => {
    const decoder = new LineDecoder();
    for (const { text } of decoder.push(Buffer.from([0x61, 0x0a, 0x62, 0xff, 0x0a, 0x63, 0x0a]))) seen.push(text);
  };
  expect(read).toThrow('could not read a line from the Codex process: it is not UTF-8: "bÿ"');
  expect(seen).toEqual(['a']);
  expect(() => decode(Buffer.from([0xc3]))).toThrow('it is not UTF-8');
});

test.each([
  ['ends one line', '\n'],
  ['holds more lines', '\nb\n'],
])('bytes that are not UTF-8 are an error too where they came before a chunk that %s', (_, rest) => {
  const decoder = new LineDecoder();
  expect([...decoder.push(Buffer.from([0x61, 0xff]))]).toEqual([]);
  expect(() => [...decoder.push(Buffer.from(rest))]).toThrow('it is not UTF-8: "aÿ"');
});

test('a line that never ends is an error', () => {
  const decoder = new LineDecoder({ longest: 10 });
  const push = (text: string) => [...decoder.push(Buffer.from(text))].map((line) => line.text);
  expect([push('12345678'), push('\n12345'), push('67890'), push('\n1')]).toEqual([
    [],
    ['12345678'],
    [],
    ['1234567890'],
  ]);
  expect(() => push('2345678901')).toThrow(
    'Reading a line from the Codex process: expected at most 10 bytes, got a longer one.',
  );
});

const megabyte = 1024 * 1024;
const garbage: [string, Buffer, string][] = [
  ['control characters', Buffer.alloc(40 * megabyte, 1), "Invalid JSON-RPC line: '\\x01\\x01"],
  ['an array', Buffer.from(`[${'1,'.repeat(20 * megabyte)}`), "Invalid JSON-RPC line: '[1,1"],
  [
    'a string with a control character',
    Buffer.from(`{"a":"${'x'.repeat(2 * megabyte)}\u0001`),
    'Invalid JSON-RPC line: ',
  ],
  [
    'levels',
    Buffer.from(`{"a":${'['.repeat(2 * megabyte)}`),
    'Reading a line from the Codex process: expected JSON nested at',
  ],
  ['bytes that are not UTF-8', Buffer.alloc(3 * megabyte, 0xff), 'Invalid JSON-RPC line: '],
  [
    'text that is not UTF-8 at last',
    Buffer.concat([Buffer.from(`{"a":"${'x'.repeat(2 * megabyte)}`), Buffer.from([0xff])]),
    'Invalid JSON-RPC line: ',
  ],
];

test.each(garbage)(
  'of a long line of %s no more is taken than shows it, and no end is waited for',
  (_, bytes, words) => {
    const decoder = new LineDecoder();
    let taken = 0;
    let most = 0;
    let failure: unknown;
    for (; taken < bytes.length && failure === undefined; taken += 65_536) {
      try {
        expect([...decoder.push(bytes.subarray(taken, taken + 65_536))]).toEqual([]);
      } catch (error) {
        failure = error;
      }
      most = Math.max(most, decoder.held);
    }
    expect(failure).toMatchObject({
      name: 'CodexError',
      kind: 'protocol',
      message: expect.stringContaining(words) as unknown,
    });
    expect((failure as Error).message.length).toBeLessThan(2100);
    expect((failure as Error).cause).toBeUndefined();
    expect(most).toBeLessThanOrEqual(Math.min(bytes.length, 2 * megabyte + 65_536 * 2));
    expect(decoder.held).toBe(0);
    expect([...decoder.push(Buffer.from('{}\n')), ...decoder.end()]).toEqual([]);
    expect(decoder.held).toBe(0);
  },
);

test('of a long line that the end cuts off no more than its beginning is decoded', () => {
  const bytes = Buffer.from(`{"output":"${'line\\n'.repeat(megabyte)}`);
  const [line, ...others] = decode(bytes, [70_000, 3_000_000]);
  expect(others).toEqual([]);
  expect(line).toEqual({ text: `${bytes.toString('utf8', 0, 400)}… (${bytes.length} bytes)`, terminated: false });
});

test('a long line is said to be none by its own error, as its reader wants it', () => {
  const decoder = new LineDecoder({ malformed: (start) => new RangeError(start) });
  expect(() => [...decoder.push(Buffer.alloc(2 * megabyte, 'x'))]).toThrow(
    new RangeError(`${'x'.repeat(400)}… (more than 1048576 bytes)`),
  );
});

test('whatever its pieces, a line takes its own length and a block', () => {
  const decoder = new LineDecoder();
  const byte = Buffer.from('x');
  for (let count = 0; count < 100_000; count += 1) expect([...decoder.push(byte)]).toEqual([]);
  expect(decoder.held).toBe(100_000);
});
