import { expect, test } from 'vitest';
import type { Contract, SchemaObject } from '../../harness/contract/types.ts';
import { declareTypes } from './declare-types.ts';

const text: SchemaObject = { type: 'string' };
const contractOf = (
  definitions: Record<string, SchemaObject>,
  experimentalFields: Record<string, string[]> = {},
): Contract => ({
  version: '1.0.0',
  index: {
    engineVersion: '1.0.0',
    engineSha256: '',
    counts: {
      types: 0,
      clientRequests: { stable: 0, experimental: 0 },
      clientNotifications: 0,
      serverRequests: { stable: 0, experimental: 0 },
      serverNotifications: { listed: 0, unlisted: 0 },
    },
  },
  methods: {
    clientRequests: {},
    clientNotifications: {},
    serverRequests: {},
    serverNotifications: {},
    experimentalTypes: [],
    experimentalFields,
  },
  schema: { definitions },
});
const declared = (definitions: Record<string, SchemaObject>, fields?: Record<string, string[]>): string =>
  declareTypes(contractOf(definitions, fields)).join('\n');

test('objects: optional, nullable, 64-bit, open, experimental and oddly named fields', () => {
  const Thing: SchemaObject = {
    type: 'object',
    required: ['id', 'any'],
    properties: {
      id: { type: 'integer', format: 'int64' },
      any: true,
      list: { type: ['array', 'null'], items: { anyOf: [{ $ref: '#/definitions/A' }, { type: 'null' }] } },
      map: { type: 'object', additionalProperties: { type: 'number' } },
      'x-y': text,
    },
  };
  expect(declared({ Thing }, { Thing: ['map'] })).toBe(`export interface Thing {
  id: number;
  any: unknown;
  list?: (A | null)[] | null;
  /** @experimental */
  map?: { [key: string]: number };
  'x-y'?: string;
}`);
  expect(declared({ Empty: { type: 'object' } })).toBe('export interface Empty {\n  [key: string]: unknown;\n}');
});

test('string enums stay open, alone or beside objects; a bare catch-all adds nothing', () => {
  expect(declared({ One: { type: 'string', enum: ['a'] } })).toBe("export type One = 'a' | (string & {});");
  const Info: SchemaObject = {
    anyOf: [
      { type: 'string', enum: ['a', 'b'] },
      { type: 'object', required: ['http'], properties: { http: text }, additionalProperties: false },
      { type: ['string', 'object'] },
    ],
  };
  expect(declared({ Info })).toBe(
    "export interface HttpInfo {\n  http: string;\n}\nexport type Info = 'a' | 'b' | (string & {}) | HttpInfo;",
  );
});

test('the variants of a tagged union get names, and the fields that stand beside them', () => {
  const variant = (type: string): SchemaObject => ({
    type: 'object',
    required: ['type'],
    properties: { type: { type: 'string', enum: [type] } },
  });
  const Item: SchemaObject = {
    type: 'object',
    required: ['id'],
    properties: { id: text },
    oneOf: [variant('aB'), variant('c_d')],
  };
  expect(declared({ Item })).toBe(
    "export interface ABItem {\n  id: string;\n  type: 'aB';\n}\nexport interface CDItem {\n  id: string;\n  type: 'c_d';\n}\nexport type Item = ABItem | CDItem;",
  );
  expect(() => declared({ Item, CDItem: text })).toThrow('the name CDItem is taken');
});
