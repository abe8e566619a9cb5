import { expect, test } from 'vitest';
import type { JsonSchema, SchemaObject } from '../contract/types.ts';
import { fits } from './fits.ts';
import { normalContract } from './normal-contract.ts';

const types: Record<string, SchemaObject> = {
  Path: { type: 'string' },
  Mode: { type: 'string', enum: ['a', 'b'] },
  Tree: { type: 'object', properties: { inner: { $ref: '#/definitions/Tree' } } },
};

/** The types with one that is tested. */
function read(schema: JsonSchema) {
  const methods = { clientRequests: {}, clientNotifications: {}, serverRequests: {}, serverNotifications: {} };
  const counts = { types: 0, clientRequests: { stable: 0, experimental: 0 }, clientNotifications: 0 };
  const more = { serverRequests: { stable: 0, experimental: 0 }, serverNotifications: { listed: 0, unlisted: 0 } };
  const index = { engineVersion: '1.0.0', engineSha256: '', counts: { ...counts, ...more } };
  const holder: SchemaObject = { type: 'object', properties: { it: schema } };
  const contract = {
    ...{ version: '1.0.0', index, methods: { ...methods, experimentalTypes: [], experimentalFields: {} } },
    schema: { definitions: { ...types, Holder: holder } },
  };
  const normal = normalContract(contract).types;
  return { shape: normal.Holder?.shape.fields?.it?.shape ?? {}, types: normal };
}

const text: SchemaObject = { type: 'string' };
const ref = (name: string): SchemaObject => ({ $ref: `#/definitions/${name}` });
const object = (properties: Record<string, JsonSchema>, required: string[] = []): SchemaObject => ({
  ...{ type: 'object', properties, required },
});
const count = (format: string, minimum?: number): SchemaObject => ({
  type: 'integer',
  format,
  ...(minimum === undefined ? {} : { minimum }),
});

test.each<[string, JsonSchema, JsonSchema, there: boolean, back: boolean]>([
  ['the same', text, text, true, true],
  ['a text that may be null', text, { type: ['string', 'null'] }, true, false],
  ['the same, spelt in another way', { anyOf: [text, { type: 'null' }] }, { type: ['string', 'null'] }, true, true],
  ['a named text', text, ref('Path'), true, true],
  ['an enum is a text', ref('Mode'), text, true, false],
  ['an enum with a value more', { type: 'string', enum: ['a'] }, ref('Mode'), true, false],
  [
    'its values told one by one',
    ref('Mode'),
    { oneOf: [{ enum: ['a'] }, { enum: ['b'] }].map((one) => ({ ...one, type: 'string' })) },
    true,
    true,
  ],
  ['a number', { type: 'integer' }, { type: 'number' }, true, false],
  ['anything', text, true, true, false],
  ['nothing', false, text, true, false],
  ['a union', text, { anyOf: [text, { type: 'array', items: text }] }, true, false],
  [
    'a union with a part more',
    { anyOf: [text, ref('Tree')] },
    { anyOf: [ref('Tree'), text, { type: 'boolean' }] },
    true,
    false,
  ],
  ['a required field', object({ a: text }, ['a']), object({ a: text }), true, false],
  ['a field more that may be missing', object({}), object({ a: text }), true, true],
  ['a field more that must be there', object({ a: text }, ['a']), object({}), true, false],
  ['a field of another kind', object({ a: text }, ['a']), object({ a: { type: 'number' } }, ['a']), false, false],
  ['no other fields', object({ a: text }), { ...object({}), additionalProperties: false }, false, true],
  [
    'a map',
    { type: 'object', additionalProperties: ref('Mode') },
    { type: 'object', additionalProperties: text },
    true,
    false,
  ],
  ['a list', { type: 'array', items: ref('Mode') }, { type: 'array', items: text }, true, false],
  ['a type that holds itself', ref('Tree'), object({ inner: ref('Tree') }), true, true],
  ['a longer number', count('int32'), count('int64'), true, false],
  ['a number without a sign', count('uint32', 0), count('int64'), true, false],
  ['as many bits with a sign', count('uint32', 0), count('int32'), false, false],
  ['a format and none', count('int32'), { type: 'integer' }, true, false],
  ['formats that nothing is known of', { ...text, format: 'uuid' }, { ...text, format: 'uri' }, false, false],
  ['a smallest number', count('int64', 1), count('int64', 0), true, false],
  ['a shortest text', { ...text, minLength: 1 }, text, true, false],
])('%s', (_, one, other, there, back) => {
  const [a, b] = [read(one), read(other)];
  expect([fits(a.shape, a.types, b.shape, b.types), fits(b.shape, b.types, a.shape, a.types)]).toEqual([there, back]);
});
