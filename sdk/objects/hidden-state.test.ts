import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hiddenState } from './hidden-state.ts';

const base = hiddenState<{ secret: string }>('Base');
const derived = hiddenState<{ n: number }>('Derived');

class Base {
  readonly id = 'b';
  constructor() {
    base.set(this, { secret: 'sk-1' });
  }
}
class Derived extends Base {
  constructor() {
    super();
    derived.set(this, { n: 1 });
  }
}

test('each class of one object has its own state, and so has each object', () => {
  const [one, other] = [new Derived(), new Derived()];
  expect([base.of(one), derived.of(one)]).toEqual([{ secret: 'sk-1' }, { n: 1 }]);
  derived.of(one).n = 2;
  expect([derived.of(one).n, derived.of(other).n]).toEqual([2, 1]);
  expect(() => derived.of(new Base())).toThrow(TypeError);
});

test('nothing of it is copied or shown', () => {
  const one = new Derived();
  expect(Object.keys(one)).toEqual(['id']);
  expect({ ...one }).toEqual({ id: 'b' });
  expect(Object.getOwnPropertySymbols({ ...one })).toEqual([]);
  expect(inspect(one)).toBe("Derived { id: 'b' }");
  expect(inspect(one, { showHidden: true })).not.toContain('sk-1');
});

test.each([[{}], [undefined], [new Date()]])('a method that is called on %j is told on what to call it', (self) => {
  expect(() => base.of(self as object)).toThrow(
    /^Calling a method of Base: expected the Base as `this`, got (undefined|another object)\. Bind the method, or call it on it\.$/,
  );
});
