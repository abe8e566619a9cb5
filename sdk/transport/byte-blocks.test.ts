import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteBlocks } from './byte-blocks.ts';
import { StderrTail } from './stderr-tail.ts';

const sizes = fc.array(fc.oneof(fc.nat(10), fc.nat(200_000)), { maxLength: 20 });
const bytesOf = (length: number, seed: number) => Buffer.from(Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff));

test('what goes in comes out, in blocks that are full but for the last', () => {
  fc.assert(
    fc.property(sizes, fc.nat(5), (lengths, at) => {
      const blocks = new ByteBlocks();
      let all = Buffer.alloc(0);
      for (const [index, length] of lengths.entries()) {
        const piece = bytesOf(length, index);
        blocks.push(piece);
        all = Buffer.concat([all, piece]);
        if (index !== at) continue;
        blocks.clear();
        all = Buffer.alloc(0);
      }
      expect(blocks.length).toBe(all.length);
      expect(blocks.concat(Buffer.from('end')).equals(Buffer.concat([all, Buffer.from('end')]))).toBe(true);
      expect(blocks.pieces().filter(({ length }) => length > 0)).toHaveLength(Math.ceil(all.length / 65_536));
    }),
    { numRuns: 50 },
  );
});

test('of what is more than enough the end stays', () => {
  const blocks = new ByteBlocks();
  const all = bytesOf(1_000_000, 7);
  for (let from = 0; from < all.length; from += 999) {
    blocks.push(all.subarray(from, from + 999));
    blocks.keepLast(100_000);
    expect(blocks.length).toBeLessThan(100_000 + 65_536);
  }
  const kept = blocks.concat(new Uint8Array(0));
  expect(kept.length).toBeGreaterThanOrEqual(100_000);
  expect(kept.equals(all.subarray(-kept.length))).toBe(true);
});

test('of stderr the last megabyte is kept, whole characters of it, and of its lines the last 400', () => {
  const tail = new StderrTail();
  tail.push(Buffer.from('beginning\n'));
  for (let times = 0; times < 50; times += 1) tail.push(Buffer.from('€'.repeat(21_000)));
  expect(tail.text).toBe('€'.repeat(Math.floor(1_048_576 / 3)));
  expect(tail.quote).toBe('€'.repeat(2000));
  tail.push(Buffer.from(`\n${'line\r\n'.repeat(500)}last`));
  expect(tail.lines).toEqual([...Array.from({ length: 399 }, () => 'line'), 'last']);
  const noise = new StderrTail();
  for (let times = 0; times < 20; times += 1) noise.push(Buffer.alloc(65_537, 0x80));
  expect(noise.text).toBe('\ufffd'.repeat(1_048_576));
});
