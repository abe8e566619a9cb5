import { Duplex, type Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { clientFrame, closeFrame, textFrames } from './frames.ts';
import { MessageReader } from './message-reader.ts';

type Options = { fin: boolean; mask: boolean; binary: boolean; compress: boolean };
interface WsSender {
  send(data: Buffer, options: Options, done: () => void): void;
  ping(data: Buffer, mask: boolean, done: () => void): void;
  close(code: number, reason: string, mask: boolean, done: () => void): void;
}
/** The parts of the package `ws` that its types leave out. */
const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: object) => Writable;
  Sender: new (socket: Duplex, extensions: object) => WsSender;
};

/** What our reader hears of a server's bytes. */
function read(chunks: Iterable<Buffer>, longest?: number): string[] {
  const heard: string[] = [];
  const reader = new MessageReader(
    {
      onText: (text) => heard.push(`text ${text}`),
      onPing: (payload) => heard.push(`ping ${payload}`),
      onPong: () => heard.push('pong'),
      onClose: (code, reason) => heard.push(`close ${code} ${reason}`),
    },
    longest,
  );
  for (const chunk of chunks) reader.push(chunk);
  return heard;
}

const pieces = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
};

/** What the package `ws` sends as a server. */
async function sent(send: (sender: WsSender) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  send(new Sender(socket, {}));
  await new Promise<void>((resolve) => socket.end(resolve));
  return Buffer.concat(chunks);
}

/** What the package `ws` hears as a server. */
async function receivedByWs(bytes: readonly Buffer[]): Promise<string[]> {
  const heard: string[] = [];
  const receiver = new Receiver({ isServer: true, maxPayload: 256 * 1024 * 1024 });
  receiver.on('message', (data: Buffer, binary: boolean) => heard.push(`${binary ? 'binary' : 'text'} ${data}`));
  receiver.on('ping', (data: Buffer) => heard.push(`ping ${data}`));
  receiver.on('pong', (data: Buffer) => heard.push(`pong ${data}`));
  receiver.on('conclude', (code: number, reason: Buffer) => heard.push(`close ${code} ${reason}`));
  await new Promise<void>((resolve, reject) => {
    // It ends itself at a close frame, and may hear what came before only then.
    receiver.on('error', reject).on('conclude', () => resolve());
    for (const chunk of bytes) if (!receiver.writableEnded) receiver.write(chunk);
    if (!receiver.writableEnded) receiver.end(resolve);
  });
  return heard;
}

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const length = fc.oneof(fc.nat(200), fc.constantFrom(125, 126, 65_535, 65_536));
const message = fc.record({ text: fc.string({ unit: 'binary' }), padding: length, cuts, pings: fc.boolean() });
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });

test('any fragments that ws sends, in any chunks, give its messages, and pings between them are heard', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 4 }), cuts, async (messages, chunked) => {
      const expected: string[] = [];
      const bytes = await sent((sender) => {
        for (const { text, padding, cuts: fragmented, pings } of messages) {
          const whole = Buffer.from(text + '.'.repeat(padding));
          const parts = pieces(whole, fragmented);
          parts.forEach((part, at) => {
            if (pings) sender.ping(Buffer.from('p'), false, () => {});
            if (pings) expected.push('ping p');
            const fin = at === parts.length - 1;
            sender.send(part, { fin, mask: false, binary: false, compress: false }, () => {});
          });
          expected.push(`text ${whole}`);
        }
        sender.close(1001, 'bye', false, () => {});
      });
      expect(read(pieces(bytes, chunked))).toEqual([...expected, 'close 1001 bye']);
    }),
    { numRuns: 200 },
  );
});

test('whatever we send, ws reads, in any chunks and with any mask', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), length, mask, cuts, async (text, padding, bytes, chunked) => {
      const whole = text + '.'.repeat(padding);
      const frames = [
        ...textFrames(whole, () => bytes),
        clientFrame(9, Buffer.from('p'), true, bytes),
        clientFrame(10, Buffer.alloc(0), true, bytes),
        closeFrame(1000, () => bytes),
      ];
      expect(await receivedByWs(pieces(Buffer.concat(frames), chunked))).toEqual([
        `text ${Buffer.from(whole)}`,
        'ping p',
        'pong ',
        'close 1000 ',
      ]);
    }),
    { numRuns: 200 },
  );
});

test('a long text is sent in frames that the engine takes', async () => {
  const text = 'é'.repeat(10 * 1024 * 1024);
  const frames = textFrames(text, () => new Uint8Array([1, 2, 3, 4]));
  expect(frames.length).toBe(3);
  expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(16 * 1024 * 1024);
  expect((await receivedByWs(frames))[0] === `text ${text}`).toBe(true);
});

test('any bytes give messages or a refusal, the same in any chunks', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.property(bytes, cuts, (random, chunked) => {
      let outcome: unknown;
      try {
        outcome = read([Buffer.from(random)]);
      } catch (error) {
        outcome = (error as Error).message;
      }
      let again: unknown;
      try {
        again = read(pieces(Buffer.from(random), chunked));
      } catch (error) {
        again = (error as Error).message;
      }
      expect(again).toEqual(outcome);
    }),
    { numRuns: 2000 },
  );
});

const serverFrame = (first: number, payload: Buffer): Buffer => {
  const head = payload.length < 126 ? [first, payload.length] : [first, 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
};
const x = Buffer.from('x');

test.each([
  ['a reserved bit', 1002, [serverFrame(0xc1, x)]],
  ['an unknown kind', 1002, [serverFrame(0x83, x)]],
  ['a masked frame', 1002, [clientFrame(1, x, true, x)]],
  ['a binary message', 1003, [serverFrame(0x82, x)]],
  ['a ping of 126 bytes', 1002, [serverFrame(0x89, Buffer.alloc(126))]],
  ['a ping in fragments', 1002, [serverFrame(0x09, x)]],
  ['a fragment of nothing', 1002, [serverFrame(0x80, x)]],
  ['a message within a message', 1002, [serverFrame(0x01, x), serverFrame(0x81, x)]],
  ['a close frame of one byte', 1002, [serverFrame(0x88, x)]],
  ['a close code that is never sent', 1002, [serverFrame(0x88, Buffer.from([3, 237]))]],
  ['a reason that is no UTF-8', 1007, [serverFrame(0x88, Buffer.from([3, 232, 0xff]))]],
  ['text that is no UTF-8', 1007, [serverFrame(0x81, Buffer.from([0xff]))]],
  [
    'half a character at the end of a message',
    1007,
    [serverFrame(0x01, Buffer.from('é').subarray(0, 1)), serverFrame(0x80, Buffer.alloc(0))],
  ],
  ['a frame above the limit', 1009, [serverFrame(0x81, Buffer.alloc(1001))]],
  [
    'fragments above the limit',
    1009,
    [serverFrame(0x01, Buffer.alloc(600, 'x')), serverFrame(0x80, Buffer.alloc(600))],
  ],
  ['a length beyond all numbers', 1009, [Buffer.from([0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]],
])('refuses %s, and hears nothing after it', (_what, code, frames) => {
  const heard: string[] = [];
  const reader = new MessageReader(
    { onText: (text) => heard.push(text), onPing() {}, onPong() {}, onClose() {} },
    1000,
  );
  expect(() => {
    for (const frame of frames) reader.push(frame);
  }).toThrow(expect.objectContaining({ name: 'FrameError', code }));
  reader.push(serverFrame(0x81, x));
  expect(heard).toEqual([]);
  expect(reader.isCut).toBe(false);
});

test('nothing is heard after a close frame, which may be empty', () => {
  expect(read([serverFrame(0x88, Buffer.alloc(0)), serverFrame(0x81, x)])).toEqual(['close undefined ']);
});

test('a message that has begun is known to be cut, until it is whole', () => {
  const reader = new MessageReader({ onText() {}, onPing() {}, onPong() {}, onClose() {} });
  const bytes = Buffer.concat([serverFrame(0x01, x), serverFrame(0x80, x)]);
  for (const [at, byte] of bytes.entries()) {
    reader.push(Buffer.from([byte]));
    expect(reader.isCut).toBe(at < bytes.length - 1);
  }
});
