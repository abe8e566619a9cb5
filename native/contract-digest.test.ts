import { expect, test } from 'vitest';
import { contractDigest } from './contract-digest.mjs';

const list = { all: ['b/two', 'a/one'], stable: ['a/one'] };
const none = { all: [], stable: [] };
const methods = {
  ...{ clientRequests: list, clientNotifications: none },
  ...{ serverRequests: none, serverNotifications: none },
};
const type = {
  type: 'object',
  properties: { title: { type: 'string' }, other: { $ref: '#/definitions/Other' } },
  required: ['title', 'other'],
};
const digest = contractDigest({ definitions: { Type: type }, methods });

test('prose, order and namespaces do not matter', () => {
  const same = {
    required: ['other', 'title'],
    title: 'A type',
    description: 'Prose',
    properties: { other: { $ref: '#/definitions/v2/Other', description: 'x' }, title: { type: 'string', title: 'T' } },
    type: 'object',
  };
  const sorted = { ...methods, clientRequests: { all: ['a/one', 'b/two'], stable: ['a/one'] } };
  expect(contractDigest({ definitions: { Type: same }, methods: sorted })).toBe(digest);
});

test.each([
  ['a property called title is gone', { ...type, properties: { other: type.properties.other } }, methods],
  ['a property is no longer required', { ...type, required: ['title'] }, methods],
  ['a type is another', { ...type, properties: { ...type.properties, title: { type: 'number' } } }, methods],
  [
    'a reference leads elsewhere',
    { ...type, properties: { ...type.properties, other: { $ref: '#/definitions/X' } } },
    methods,
  ],
  ['a method is stable', type, { ...methods, clientRequests: { all: list.all, stable: list.all } }],
  ['a method is new', type, { ...methods, serverRequests: { all: ['x'], stable: [] } }],
])('%s: it is another protocol', (_, definition, changed) => {
  expect(contractDigest({ definitions: { Type: definition }, methods: changed })).not.toBe(digest);
});
