import { expect, test } from 'vitest';
import { LineReader, type WireLine } from './line-reader.ts';

function read(...chunks: Uint8Array[]): WireLine[] {
  const lines: WireLine[] = [];
  const reader = new LineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return lines;
}

test('splits on the newline byte alone, wherever the chunks are cut', () => {
  const bytes = Buffer.from('a\u2028b\r\né\n\n');
  const whole = [{ text: 'a\u2028b\r' }, { text: 'é' }, { text: '' }];
  expect(read(bytes)).toEqual(whole);
  expect(read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test('shows bytes that are no UTF-8, and a last line without its newline', () => {
  expect(read(Uint8Array.of(0xff, 10), Buffer.from('half'))).toEqual([
    { base64: '/w==' },
    { text: 'half', partial: true },
  ]);
});
