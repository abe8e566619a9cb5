import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './split-lines.ts';

test('any chunking gives the same lines, split at \\n alone', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u2028', 'é', '😀') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (written, cuts) => {
      const bytes = Buffer.from(written);
      const splitter = new LineSplitter();
      const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const lines = edges.slice(1).flatMap((edge, at) => splitter.push(bytes.subarray(edges[at], edge)));
      expect([...lines, splitter.end()]).toEqual(written.split('\n'));
    }),
  );
});
