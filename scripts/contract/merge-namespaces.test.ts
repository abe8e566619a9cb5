import { expect, test } from 'vitest';
import { mergeNamespaces } from './merge-namespaces.ts';

test('the two namespaces become one, sorted, without the unions of messages', () => {
  const bundle = {
    definitions: {
      B: { type: 'string' },
      ClientRequest: { oneOf: [] },
      v2: { A: { type: 'null' }, B: { type: 'string', title: 'B' } },
    },
  };
  expect(Object.keys(mergeNamespaces(bundle))).toEqual(['A', 'B']);
});

test('one name with two meanings is refused', () => {
  const bundle = { definitions: { B: { type: 'string' }, v2: { B: { type: 'integer' } } } };
  expect(() => mergeNamespaces(bundle)).toThrow("B of v2 differs from the root's B");
});
