import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Next, Told } from './young.ts';

test.each([
  [new Next('x'), { done: false, value: 'x' }],
  [new Told('m', { a: 1 }, true), { method: 'm', payload: { a: 1 }, known: true }],
])('%j is a plain object in every way', (made, literal) => {
  expect(made).toStrictEqual(literal);
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect([Object.keys(made), inspect(made)]).toEqual([Object.keys(literal), inspect(literal)]);
  expect(structuredClone(made)).toStrictEqual(literal);
});
