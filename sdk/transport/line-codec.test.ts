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
  const bytes = Buffer.from(`${'é'.repeat(2_500_000)}\n`);
  const cuts = Array.from({ length: 200 }, (_, i) => i * 25_001);
  expect(decode(bytes, cuts)[0]?.text.length).toBe(2_500_000);
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

test('a line that never ends is an error', () => {
  const decoder = new LineDecoder(10);
  const push = (text: string) => [...decoder.push(Buffer.from(text))].map((line) => line.text);
  expect([push('12345678'), push('\n12345'), push('67890'), push('\n1')]).toEqual([
    [],
    ['12345678'],
    [],
    ['1234567890'],
  ]);
  expect(() => push('2345678901')).toThrow('a line from the Codex process is longer than 10 bytes');
});
