import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject } from '../rpc/is-object.ts';
import type { Json, JsonObject } from './schema-node.ts';
import { strictSchema } from './strict-schema.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const closed = (properties: object, more: object = {}) => ({
  ...object(properties),
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const text = { type: 'string' };
const orNull = (node: object) => ({ anyOf: [node, { type: 'null' }] });

const transformed: Record<string, { from: object; to: object; answer?: unknown; value?: unknown }> = {
  'an object is closed, and all its properties are required': {
    from: object({ a: text, b: { type: 'integer' } }, { required: ['a', 'b'] }),
    to: closed({ a: text, b: { type: 'integer' } }),
    answer: { a: 'x', b: 1 },
    value: { a: 'x', b: 1 },
  },
  'an optional property may be null, which means that it is absent': {
    from: object({ a: text, b: text }, { required: ['a'] }),
    to: closed({ a: text, b: orNull(text) }),
    answer: { a: 'x', b: null },
    value: { a: 'x' },
  },
  'an optional property that may be null already stays null': {
    from: object({ a: { type: ['string', 'null'] }, b: { enum: ['x', null] }, c: { anyOf: [text, { type: 'null' }] } }),
    to: closed({
      a: { type: ['string', 'null'] },
      b: { type: ['string', 'null'], enum: ['x', null] },
      c: { anyOf: [text, { type: 'null' }] },
    }),
    answer: { a: null, b: null, c: null },
    value: { a: null, b: null, c: null },
  },
  'objects inside arrays, unions and definitions are treated alike': {
    from: object(
      {
        list: { type: 'array', items: object({ a: text }) },
        one: { oneOf: [object({ b: text }), text] },
        two: { $ref: '#/definitions/Two' },
      },
      { required: ['list', 'one', 'two'], definitions: { Two: object({ c: text }) } },
    ),
    to: closed(
      {
        list: { type: 'array', items: closed({ a: orNull(text) }) },
        one: { anyOf: [closed({ b: orNull(text) }), text] },
        two: { $ref: '#/$defs/Two' },
      },
      { $defs: { Two: closed({ c: orNull(text) }) } },
    ),
    answer: { list: [{ a: null }, { a: 'x' }], one: { b: null }, two: { c: null } },
    value: { list: [{}, { a: 'x' }], one: {}, two: {} },
  },
  'what is no object becomes the property of one': {
    from: { type: 'array', items: text, minItems: 1 },
    to: closed({ value: { type: 'array', items: text, minItems: 1 } }),
    answer: { value: ['x'] },
    value: ['x'],
  },
  'a union at the root becomes the property of an object': {
    from: { oneOf: [object({ a: text }), object({ b: text })] },
    to: closed({ value: { anyOf: [closed({ a: orNull(text) }), closed({ b: orNull(text) })] } }),
    answer: { value: { b: null } },
    value: {},
  },
  'a schema that refers to itself': {
    from: object({ name: text, next: { $ref: '#' } }, { required: ['name'] }),
    to: closed({ name: text, next: orNull({ $ref: '#' }) }),
    answer: { name: 'a', next: { name: 'b', next: null } },
    value: { name: 'a', next: { name: 'b' } },
  },
  'a root that only refers to a definition': {
    from: { $ref: '#/$defs/Node', $defs: { Node: object({ next: { $ref: '#/$defs/Node' } }) } },
    to: closed(
      { next: orNull({ $ref: '#/$defs/Node' }) },
      { $defs: { Node: closed({ next: orNull({ $ref: '#/$defs/Node' }) }) } },
    ),
    answer: { next: { next: null } },
    value: { next: {} },
  },
  'an array that refers to itself is among the definitions': {
    from: { type: 'array', items: { $ref: '#' } },
    to: closed(
      { value: { type: 'array', items: { $ref: '#/$defs/root' } } },
      { $defs: { root: { type: 'array', items: { $ref: '#/$defs/root' } } } },
    ),
    answer: { value: [[], [[]]] },
    value: [[], [[]]],
  },
  'a reference to any place, with a description of its own': {
    from: object(
      { a: object({ x: text }), b: { $ref: '#/properties/a', description: 'another' } },
      { required: ['a', 'b'] },
    ),
    to: closed(
      { a: closed({ x: orNull(text) }), b: { description: 'another', anyOf: [{ $ref: '#/$defs/a' }] } },
      { $defs: { a: closed({ x: orNull(text) }) } },
    ),
    answer: { a: { x: null }, b: { x: null } },
    value: { a: {}, b: {} },
  },
  'names with slashes, tildes, percent signs and spaces': {
    from: object({ a: { $ref: '#/$defs/x~1y~0%20z%' } }, { required: ['a'], $defs: { 'x/y~ z%': text } }),
    to: closed({ a: { $ref: '#/$defs/x_y__z_' } }, { $defs: { x_y__z_: text } }),
  },
  'annotations go, title and description stay': {
    from: object(
      { a: { type: 'string', default: 'x', examples: ['y'], title: 'A', description: 'an a', 'x-own': 1 } },
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'a', required: ['a'], title: 'T' },
    ),
    to: { title: 'T', ...closed({ a: { title: 'A', description: 'an a', type: 'string' } }) },
  },
  'limits that strict outputs lack are told in the description': {
    from: object(
      {
        a: { type: 'string', minLength: 1, description: 'an a' },
        b: { type: 'array', items: text, uniqueItems: true },
      },
      { required: ['a', 'b'] },
    ),
    to: closed({
      a: { type: 'string', description: 'an a\nMust have minLength 1.' },
      b: { type: 'array', items: text, description: 'Must have uniqueItems true.' },
    }),
  },
  'limits that strict outputs have are kept': {
    from: object(
      {
        n: { type: 'number', minimum: 0, exclusiveMaximum: 9, multipleOf: 3 },
        s: { type: 'string', pattern: '^a', format: 'date' },
      },
      { required: ['n', 's'] },
    ),
    to: closed({
      n: { type: 'number', multipleOf: 3, minimum: 0, exclusiveMaximum: 9 },
      s: { type: 'string', format: 'date', pattern: '^a' },
    }),
  },
  'other formats and irregular patterns are told; a pattern beside a format goes': {
    from: object(
      {
        u: { type: 'string', format: 'uri' },
        p: { type: 'string', pattern: '^(?!x)' },
        e: { type: 'string', format: 'email', pattern: '^(?=x)' },
      },
      { required: ['u', 'p', 'e'] },
    ),
    to: closed({
      u: { type: 'string', description: 'Must have format "uri".' },
      p: { type: 'string', description: 'Must have pattern "^(?!x)".' },
      e: { type: 'string', format: 'email' },
    }),
  },
  'a type is added where values imply it, and values of other types go': {
    from: object(
      {
        a: { const: 'x' },
        b: { enum: ['x', 1, true] },
        c: { type: 'string', enum: ['x', 1] },
        d: { properties: { e: text } },
      },
      { required: ['a', 'b', 'c', 'd'] },
    ),
    to: closed({
      a: { type: 'string', const: 'x' },
      b: { type: ['string', 'integer', 'boolean'], enum: ['x', 1, true] },
      c: { type: 'string', enum: ['x'] },
      d: closed({ e: orNull(text) }),
    }),
  },
  'an open object with names is closed; one without any is empty': {
    from: object(
      { a: object({ b: text }, { additionalProperties: true }), c: object({}, { additionalProperties: false }) },
      { required: ['a', 'c'] },
    ),
    to: closed({ a: closed({ b: orNull(text) }), c: closed({}) }),
  },
  'allOf of one part is that part': {
    from: object(
      { a: { allOf: [{ $ref: '#/$defs/A' }], description: 'an a' } },
      { required: ['a'], $defs: { A: text } },
    ),
    to: closed({ a: { $ref: '#/$defs/A', description: 'an a' } }, { $defs: { A: text } }),
  },
  'a property that no value can have goes': {
    from: object({ a: text, b: false }, { required: ['a'] }),
    to: closed({ a: text }),
  },
  'a union is restored by the part that the value fits': {
    from: {
      type: 'object',
      properties: {
        a: {
          anyOf: [
            object({ kind: { const: 'x' }, note: text }, { required: ['kind'] }),
            object({ kind: { const: 'y' }, note: { type: ['string', 'null'] } }, { required: ['kind', 'note'] }),
          ],
        },
      },
      required: ['a'],
    },
    to: closed({
      a: {
        anyOf: [
          closed({ kind: { type: 'string', const: 'x' }, note: orNull(text) }),
          closed({ kind: { type: 'string', const: 'y' }, note: { type: ['string', 'null'] } }),
        ],
      },
    }),
    answer: { a: { kind: 'y', note: null } },
    value: { a: { kind: 'y', note: null } },
  },
};

test.each(Object.entries(transformed))('%s', (_, { from, to, answer, value }) => {
  const before = JSON.stringify(from);
  const { schema, restore } = strictSchema(from);
  expect(schema).toEqual(to);
  expect(JSON.stringify(from)).toBe(before);
  expect(broken(schema)).toEqual([]);
  if (answer !== undefined) expect(restore(structuredClone(answer))).toEqual(value);
});

test.each([null, 7, 'x', [], {}, { value: 7 }, { a: { kind: 'z' } }])(
  'what does not fit is returned as it is (%j)',
  (answer) => {
    const { restore } = strictSchema(transformed['a union is restored by the part that the value fits']?.from ?? {});
    expect(restore(structuredClone(answer))).toEqual(answer);
  },
);

test('a property named __proto__ is one like any other', () => {
  const { schema, restore } = strictSchema(
    JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
  );
  expect(JSON.stringify(schema)).toContain('"required":["__proto__"]');
  expect(JSON.stringify(restore(JSON.parse('{"__proto__":null}')))).toBe('{}');
});

const some = (node: unknown) => object({ a: node }, { required: ['a'] });

test.each<[string, unknown, string]>([
  ['anything', some({}), '#/properties/a: expected a type, got a schema that allows anything'],
  ['anything with words', some({ description: 'x' }), '#/properties/a: expected a type'],
  ['true', some(true), '#/properties/a: expected a type'],
  ['false', object({ a: false }, { required: ['a'] }), '#/properties/a: expected a schema with a type, got false'],
  ['limits alone', some({ minLength: 3 }), '#/properties/a: expected a type, got only ["minLength"]. Add "type"'],
  [
    'a record',
    some(object({}, { additionalProperties: text })),
    '#/properties/a/additionalProperties: expected an object whose properties all have names',
  ],
  ['an object of anything', some({ type: 'object' }), '#/properties/a: expected an object that names its properties'],
  [
    'more properties by a schema',
    object({ a: text }, { additionalProperties: text }),
    '#/additionalProperties: expected',
  ],
  [
    'properties by pattern',
    some(object({}, { patternProperties: { x: text } })),
    '#/properties/a: expected keywords of strict outputs, got "patternProperties"',
  ],
  [
    'a tuple',
    some({ type: 'array', prefixItems: [text] }),
    '#/properties/a: expected keywords of strict outputs, got "prefixItems"',
  ],
  [
    'an old tuple',
    some({ type: 'array', items: [text] }),
    '#/properties/a/items: expected one schema for all elements',
  ],
  ['an array of anything', some({ type: 'array' }), '#/properties/a: expected an array with "items"'],
  [
    'parts',
    some({ allOf: [text, text] }),
    '#/properties/a: expected keywords of strict outputs, got "allOf" of several parts',
  ],
  ['not', some({ not: {} }), '#/properties/a: expected keywords of strict outputs, got "not"'],
  [
    'a union and a type',
    some({ type: 'string', anyOf: [text] }),
    '#/properties/a: expected "anyOf" without other limits beside it, got "type"',
  ],
  ['two unions', some({ oneOf: [text], anyOf: [text] }), 'got "oneOf"'],
  [
    'a reference and a limit',
    some({ $ref: '#', minLength: 1 }),
    '#/properties/a: expected "$ref" without other limits',
  ],
  ['an empty union', some({ anyOf: [] }), '#/properties/a/anyOf: expected a list of schemas, got []'],
  [
    'deep inside a union',
    some({ anyOf: [text, { type: 'array', items: {} }] }),
    '#/properties/a/anyOf/1/items: expected a type',
  ],
  ['inside a definition', object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: {} } }), '#/$defs/A: expected a type'],
  [
    'a reference to nothing',
    some({ $ref: '#/$defs/A' }),
    '#/properties/a/$ref: expected a reference to a place in this schema, such as #/$defs/Step, got #/$defs/A, where there is none',
  ],
  [
    'a reference to elsewhere',
    some({ $ref: 'https://example.com/a.json' }),
    '#/properties/a/$ref: expected a reference to a place in this schema',
  ],
  ['a reference to an anchor', some({ $ref: '#A' }), '#/properties/a/$ref: expected a reference'],
  ['an unknown type', some({ type: 'text' }), '#/properties/a/type: expected a type of JSON Schema, got "text"'],
  ['no types', some({ type: [] }), '#/properties/a/type: expected a type of JSON Schema, got []'],
  [
    'objects as values',
    some({ type: 'object', enum: [{}] }),
    '#/properties/a/enum: expected texts, numbers, true, false or null',
  ],
  [
    'no value of the type',
    some({ type: 'string', const: 1 }),
    '#/properties/a/const: expected a value of the type, got 1',
  ],
  [
    'a minimum of draft 4',
    some({ type: 'number', exclusiveMinimum: true }),
    '#/properties/a/exclusiveMinimum: expected a number, got true',
  ],
  [
    'a required property that is none',
    object({ a: text }, { required: ['b'] }),
    '#/required: expected names of its properties, got "b"',
  ],
  ['required as in draft 3', object({ a: text }, { required: true }), '#/required: expected a list of names, got true'],
  ['properties as a list', { type: 'object', properties: [] }, '#/properties: expected an object of schemas'],
  ['names with slashes', object({ 'a/b~': {} }), '#/properties/a~1b~0: expected a type'],
  ['a root that is itself', { $ref: '#' }, '#: expected a schema that ends, got one that only refers to itself'],
  [
    'a definition that is itself',
    object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { $ref: '#/$defs/A' } } }),
    'expected a schema that ends',
  ],
  [
    'two that are each other',
    object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } }),
    'expected a schema that ends',
  ],
  [
    'a union of itself',
    object({ a: { $ref: '#/$defs/A' } }, { $defs: { A: { anyOf: [text, { $ref: '#/$defs/A' }] } } }),
    'expected a schema that ends',
  ],
])('%s has no strict form', (_, schema, words) => {
  expect(() => strictSchema(schema as object)).toThrow(TypeError);
  expect(() => strictSchema(schema as object)).toThrow(words);
});

const nested = (levels: number): object => object(levels > 1 ? { a: nested(levels - 1) } : { a: text });
const names = (count: number, prefix = 'p') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

test.each<[string, object, object, string]>([
  ['objects inside each other', nested(10), nested(11), 'at most 10 objects inside each other'],
  [
    'properties',
    object(Object.fromEntries(names(5000).map((n) => [n, text]))),
    object(Object.fromEntries(names(5001).map((n) => [n, text]))),
    'at most 5000 properties',
  ],
  ['values of enums', some({ enum: names(1000) }), some({ enum: names(1001) }), 'at most 1000 values'],
  [
    'the characters of a large enum',
    some({ enum: names(250, 'p'.repeat(60)) }),
    some({ enum: names(251, 'p'.repeat(60)) }),
    'at most 15000 characters',
  ],
  [
    'characters',
    some({ const: 'x'.repeat(119_999) }),
    some({ const: 'x'.repeat(120_000) }),
    'at most 120000 characters',
  ],
])('%s have a limit', (_, fine, tooMuch, words) => {
  expect(() => strictSchema(fine)).not.toThrow();
  expect(() => strictSchema(tooMuch)).toThrow(words);
});

test('a schema that is too deep for any service is refused, not a stack that overflows', () => {
  let schema: object = text;
  for (let n = 0; n < 1_000; n++) schema = { type: 'array', items: schema };
  expect(() => strictSchema(schema)).toThrow('a schema of at most 200 levels');
});

/** What of a schema strict outputs would refuse, by path. */
function broken(schema: JsonObject): string[] {
  const allowed = [
    'title',
    'description',
    'type',
    'enum',
    'const',
    'multipleOf',
    'minimum',
    'maximum',
    'exclusiveMinimum',
  ]
    .concat(['exclusiveMaximum', 'minItems', 'maxItems', 'properties', 'required', 'additionalProperties', 'items'])
    .concat(['anyOf', '$ref', '$defs', 'pattern', 'format']);
  const found: string[] = [];
  const look = (node: unknown, path: string): void => {
    if (!isObject(node)) return void found.push(`${path}: no object`);
    for (const key of Object.keys(node)) if (!allowed.includes(key)) found.push(`${path}: ${key}`);
    if (!('type' in node || 'anyOf' in node || '$ref' in node)) found.push(`${path}: no type`);
    const own = [node.type].flat();
    if (own.includes('object')) {
      if (node.additionalProperties !== false) found.push(`${path}: open`);
      if (!isObject(node.properties)) return void found.push(`${path}: no properties`);
      if (JSON.stringify(node.required) !== JSON.stringify(Object.keys(node.properties)))
        found.push(`${path}: optional`);
      for (const [name, property] of Object.entries(node.properties)) look(property, `${path}/${name}`);
    }
    if (own.includes('array')) look(node.items, `${path}[]`);
    if (Array.isArray(node.anyOf)) for (const part of node.anyOf) look(part, `${path}|`);
    for (const [name, definition] of Object.entries(isObject(node.$defs) ? node.$defs : {}))
      look(definition, `$${name}`);
  };
  look(schema, '');
  if (schema.type !== 'object') found.push('the root is no object');
  return found;
}

/** Schemas of every form that has a strict one, without limits that only a validator can check. */
const schemas = fc
  .letrec<{ node: JsonObject }>((tie) => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const scalar = fc.constantFrom<JsonObject>(
      { type: 'string' },
      { type: 'integer', minimum: 0 },
      { type: ['number', 'null'] },
      { type: 'boolean' },
      { type: 'null' },
      { const: 'x' },
      { enum: ['x', 'y', null] },
      { enum: [1, 'z'] },
      { $ref: '#/$defs/Pair' },
      { $ref: '#/$defs/Chain', description: 'a chain' },
    );
    return {
      node: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        scalar,
        fc
          .uniqueArray(fc.tuple(name, tie('node'), fc.boolean()), {
            selector: ([key]) => key,
            minLength: 1,
            maxLength: 4,
          })
          .map((all) => ({
            type: 'object',
            properties: Object.fromEntries(all.map(([key, node]) => [key, node])),
            required: all.filter(([, , needed]) => needed).map(([key]) => key),
          })),
        tie('node').map((items) => ({ type: 'array', items, maxItems: 3 })),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      ),
    };
  })
  .node.map(
    (node): JsonObject => ({
      ...node,
      $defs: {
        Pair: { type: 'object', properties: { left: { type: 'string' }, right: { type: ['string', 'null'] } } },
        Chain: {
          type: 'object',
          properties: { value: { const: 'link' }, next: { $ref: '#/$defs/Chain' } },
          required: ['value'],
        },
      },
    }),
  );

/** Answers of a model that keeps to a strict schema. */
function answers(strict: JsonObject): fc.Arbitrary<Json> {
  const definitions = strict.$defs as Record<string, JsonObject> | undefined;
  const of = (node: JsonObject, depth: number): fc.Arbitrary<Json> => {
    if (typeof node.$ref === 'string') return of(definitions?.[node.$ref.slice(8)] ?? strict, depth + 1);
    // A model that goes on for ever has no answer: deep inside, the last part of a union is the null of an optional one.
    if (Array.isArray(node.anyOf)) {
      const parts = node.anyOf as JsonObject[];
      return depth > 6 ? of(parts.at(-1) ?? {}, depth) : fc.oneof(...parts.map((part) => of(part, depth)));
    }
    if ('const' in node) return fc.constant(node.const as Json);
    if (Array.isArray(node.enum)) return fc.constantFrom(...node.enum);
    const one = (type: Json | undefined): fc.Arbitrary<Json> => {
      if (type === 'object') {
        const properties = Object.entries(node.properties as Record<string, JsonObject>);
        return fc.record(
          Object.fromEntries(properties.map(([name, property]) => [name, of(property, depth + 1)])),
        ) as never;
      }
      if (type === 'array') return fc.array(of(node.items as JsonObject, depth + 1), { maxLength: 3 });
      if (type === 'string') return fc.constantFrom('x', 'y', '');
      if (type === 'integer') return fc.constantFrom(0, 7);
      if (type === 'number') return fc.constantFrom(0, 0.5);
      return type === 'boolean' ? fc.boolean() : fc.constant(null);
    };
    return fc.oneof(...[node.type].flat().map(one));
  };
  return of(strict, 0);
}

test('a strict schema keeps to the rules, and what fits it fits the original once restored', () => {
  const cases = schemas.chain((original) => {
    const { schema, restore } = strictSchema(original);
    return answers(schema).map((answer) => ({ original, schema, restore, answer }));
  });
  fc.assert(
    fc.property(cases, ({ original, schema, restore, answer }) => {
      expect(broken(schema)).toEqual([]);
      const ajv = new Ajv2020({ strict: false });
      expect(ajv.validate(schema, answer)).toBe(true);
      const value = restore(structuredClone(answer));
      if (!ajv.validate(original, value)) throw new Error(`${JSON.stringify(value)}: ${ajv.errorsText()}`);
    }),
    { numRuns: 100 },
  );
});
