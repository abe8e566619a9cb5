import { expect, test } from 'vitest';
import { SilentGuest } from './silent-guest.ts';

test('a driver that was silent in two cells in a row is not asked for a third', () => {
  const guest = new SilentGuest();
  guest.note('turns/a', { silent: true });
  guest.refuse();
  // It has spoken meanwhile.
  guest.note('turns/b', {});
  guest.note('turns/c', { silent: true });
  guest.refuse();
  guest.note('turns/d', { silent: true });
  expect(() => guest.refuse()).toThrow('not tried: the driver wrote nothing in turns/c and turns/d; fix that first');
});
