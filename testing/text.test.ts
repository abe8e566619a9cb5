import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percent } from './text.ts';

test('a share is rounded down: what is not all is never shown as all', () => {
  expect([0.9996, 0.99999, 1, 0, 0.57, 0.2934].map((share) => percent(share))).toEqual([
    '99.9 %',
    '99.9 %',
    '100 %',
    '0 %',
    '57 %',
    '29.3 %',
  ]);
  expect([0.98996, 0.996, 1].map((share) => percent(share, 2))).toEqual(['98.99 %', '99.6 %', '100 %']);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), fc.constantFrom(0, 1, 2), (total, nth, digits) => {
      const part = nth % total;
      const shown = Number.parseFloat(percent(part / total, digits));
      expect(shown).toBeLessThan(100);
      expect(shown).toBeLessThanOrEqual((100 * part) / total + 1e-9);
      expect(shown).toBeGreaterThan((100 * part) / total - 10 ** -digits - 1e-9);
    }),
  );
});
