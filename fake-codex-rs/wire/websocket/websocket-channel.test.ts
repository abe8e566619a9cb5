import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientFrame } from '../../test-fixtures/websocket-client.ts';
import { closeFrame, frame, ProtocolError } from './frame.ts';
import { longestFrame } from './frame-reader.ts';
import { longestMessage, MessageReader } from './websocket-channel.ts';

function read(chunks: Iterable<Buffer>): string[] {
  const heard: string[] = [];
  const reader = new MessageReader({
    onText: (text) => heard.push(`text ${text}`),
    onBinary: (bytes) => heard.push(`binary ${bytes.toString('hex')}`),
    onPing: (payload) => heard.push(`ping ${payload}`),
    onClose: () => heard.push('close'),
  });
  for (const chunk of chunks) reader.push(chunk);
  return heard;
}

const pieces = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
};

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const length = fc.oneof(fc.nat(200), fc.constantFrom(125, 126, 65535, 65536));
const message = fc.record({ text: fc.string({ unit: 'binary' }), padding: length, cuts, pings: fc.boolean() });

test('any fragments in any chunks give the same messages, and pings between them are heard', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), cuts, (messages, chunked) => {
      const expected: string[] = [];
      const frames = messages.flatMap(({ text, padding, cuts: fragmented, pings }) => {
        const whole = Buffer.from(text + '.'.repeat(padding));
        const parts = pieces(whole, fragmented);
        const out = parts.flatMap((part, index) => {
          const fin = index === parts.length - 1 ? 0x80 : 0;
          return [
            ...(pings ? [clientFrame(0x89, Buffer.from('p'))] : []),
            clientFrame(fin | (index === 0 ? 1 : 0), part),
          ];
        });
        if (pings) expected.push(...parts.map(() => 'ping p'));
        expected.push(`text ${whole}`);
        return out;
      });
      expect(read(pieces(Buffer.concat(frames), chunked))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('nothing is heard behind a close frame, and pongs are not heard', () => {
  const frames = [
    clientFrame(0x8a, Buffer.from('x')),
    clientFrame(0x88, Buffer.from([3, 232])),
    clientFrame(0x81, Buffer.from('x')),
  ];
  expect(read([Buffer.concat(frames)])).toEqual(['close']);
  expect(read([clientFrame(0x82, Buffer.from([1, 2])), clientFrame(0x88, Buffer.alloc(0))])).toEqual([
    'binary 0102',
    'close',
  ]);
});

const x = Buffer.from('x');
test.each([
  ['a reserved bit', 1002, [clientFrame(0xc1, x)]],
  ['an unknown opcode', 1002, [clientFrame(0x83, x)]],
  ['an unmasked frame', 1002, [clientFrame(0x81, x, false)]],
  ['a ping of 126 bytes', 1002, [clientFrame(0x89, Buffer.alloc(126))]],
  ['a ping in fragments', 1002, [clientFrame(0x09, x)]],
  ['a continuation of nothing', 1002, [clientFrame(0x80, x)]],
  ['a message within a message', 1002, [clientFrame(0x01, x), clientFrame(0x81, x)]],
  ['a close frame of one byte', 1002, [clientFrame(0x88, x)]],
  ['a close code that is never sent', 1002, [clientFrame(0x88, Buffer.from([3, 237]))]],
  ['text that is no UTF-8', 1007, [clientFrame(0x81, Buffer.from([0xff]))]],
  ['a frame that is too long', 1009, [clientFrame(0x81, Buffer.alloc(longestFrame + 1))]],
  [
    'a message that is too long',
    1009,
    [
      clientFrame(0x01, Buffer.alloc(longestFrame)),
      ...Array.from({ length: 4 }, () => clientFrame(0, Buffer.alloc(longestFrame))),
    ],
  ],
])('refuses %s', (_what, code, frames) => {
  expect(() => read(frames)).toThrow(expect.objectContaining({ name: ProtocolError.name, code }));
});

test('takes the longest frame and the longest message', () => {
  const parts = Array.from({ length: 4 }, (_, at) =>
    clientFrame(at === 0 ? 1 : at === 3 ? 0x80 : 0, Buffer.alloc(longestFrame, 'y')),
  );
  const [heard = ''] = read(parts);
  expect(heard).toHaveLength('text '.length + longestMessage);
});

test('says frames of each length, unmasked', () => {
  const head = (size: number) => frame(1, Buffer.alloc(size)).subarray(0, -size).toString('hex');
  expect([125, 126, 65535, 65536].map(head)).toEqual(['817d', '817e007e', '817effff', '817f0000000000010000']);
  expect(frame(1, Buffer.alloc(0), false).toString('hex')).toBe('0100');
  expect(closeFrame(1002, 'no').toString('hex')).toBe('880403ea6e6f');
  expect(closeFrame(1002, 'é'.repeat(200))).toHaveLength(127);
});
