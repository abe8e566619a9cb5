import { type } from 'arktype';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { OutputOf } from './output-options.ts';
import { prepareOutput } from './prepare-output.ts';

const zod = z.object({
  summary: z.string().min(1).describe('In one sentence.'),
  risk: z.enum(['low', 'high']),
  steps: z.array(z.object({ text: z.string(), done: z.boolean().optional() })),
  score: z.number().int().min(0).max(10).nullable(),
  note: z.string().optional(),
});
const valibot = v.object({
  summary: v.pipe(v.string(), v.minLength(1), v.description('In one sentence.')),
  risk: v.picklist(['low', 'high']),
  steps: v.array(v.object({ text: v.string(), done: v.optional(v.boolean()) })),
  score: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10))),
  note: v.optional(v.string()),
});
const arktype = type({
  summary: type('string >= 1').describe('In one sentence.'),
  risk: "'low' | 'high'",
  steps: type({ text: 'string', 'done?': 'boolean' }).array(),
  score: '0 <= number.integer <= 10 | null',
  'note?': 'string',
});

interface Report {
  summary: string;
  risk: 'low' | 'high';
  steps: { text: string; done?: boolean | undefined }[];
  score: number | null;
  note?: string | undefined;
}

const answer = { summary: 'fine', risk: 'low', steps: [{ text: 'a', done: null }], score: null, note: null };
const value = { summary: 'fine', risk: 'low', steps: [{ text: 'a' }], score: null };

describe.each([
  ['zod', zod],
  ['valibot', valibot],
  ['arktype', arktype],
] as const)('%s', (_, schema) => {
  test('gives a strict schema, and takes an answer that fits it', async () => {
    const prepared = await prepareOutput<typeof schema>(schema);
    expect(prepared.schema).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['summary', 'risk', 'steps', 'score', 'note']),
      additionalProperties: false,
      properties: {
        steps: { items: { additionalProperties: false, required: expect.arrayContaining(['text', 'done']) } },
      },
    });
    expect(await prepared.read(JSON.stringify(answer))).toEqual({ output: value });
  });

  test('says what is wrong with one that does not', async () => {
    const { read } = await prepareOutput<typeof schema>(schema);
    const wrongType = await read(JSON.stringify({ ...answer, steps: [{ text: 7, done: null }] }));
    expect(wrongType).toMatchObject({ reason: 'invalid', issues: [{ path: ['steps', 0, 'text'] }] });
    const wrongLength = await read(JSON.stringify({ ...answer, summary: '' }));
    expect(wrongLength).toMatchObject({ reason: 'invalid', issues: [{ path: ['summary'] }] });
  });
});

test('the types of what they let through', () => {
  expectTypeOf<OutputOf<typeof zod>>().toExtend<Report>();
  expectTypeOf<OutputOf<typeof valibot>>().toExtend<Report>();
  expectTypeOf<OutputOf<typeof arktype>>().toExtend<Report>();
  expectTypeOf<OutputOf<{ type: 'object' }>>().toEqualTypeOf<unknown>();
  expectTypeOf<OutputOf<undefined>>().toEqualTypeOf<undefined>();
  expectTypeOf<OutputOf<null>>().toEqualTypeOf<undefined>();
});

test('the model writes what goes into a schema, and the program gets what comes out', async () => {
  const schema = z.object({
    when: z.iso.datetime().transform((text) => new Date(text)),
    tags: z.array(z.string()).default([]),
    count: z.number().default(3),
  });
  expectTypeOf<OutputOf<typeof schema>>().toEqualTypeOf<{ when: Date; tags: string[]; count: number }>();
  const { schema: strict, read } = await prepareOutput(schema);
  expect(strict).toMatchObject({ properties: { when: { type: 'string', format: 'date-time' } } });
  expect(await read('{"when":"2026-01-02T03:04:05Z","tags":null,"count":null}')).toEqual({
    output: { when: new Date('2026-01-02T03:04:05Z'), tags: [], count: 3 },
  });
});

const forms: [string, z.ZodType, unknown, unknown][] = [
  ['an array', z.array(z.string()), { value: ['a'] }, ['a']],
  ['a text', z.string(), { value: 'a' }, 'a'],
  [
    'a discriminated union',
    z.discriminatedUnion('k', [
      z.object({ k: z.literal('a'), x: z.string().optional() }),
      z.object({ k: z.literal('b') }),
    ]),
    { value: { k: 'a', x: null } },
    { k: 'a' },
  ],
  ['a strict object', z.strictObject({ a: z.string().optional() }), { a: null }, {}],
  ['a loose object', z.looseObject({ a: z.string().optional() }), { a: null }, {}],
  ['an email', z.object({ a: z.email() }), { a: 'a@example.com' }, { a: 'a@example.com' }],
  ['a URL', z.object({ a: z.url() }), { a: 'https://example.com' }, { a: 'https://example.com' }],
  ['a nullable optional', z.object({ a: z.string().nullish() }), { a: null }, { a: null }],
  [
    'an intersection',
    z.object({ a: z.string() }).and(z.object({ b: z.string().optional() })),
    { a: 'x', b: null },
    { a: 'x' },
  ],
  ['a refinement', z.object({ a: z.string().refine((text) => text !== 'b') }), { a: 'a' }, { a: 'a' }],
];

test.each(forms)('%s of Zod', async (_, schema, given, expected) => {
  const { read } = await prepareOutput(schema);
  expect(await read(JSON.stringify(given))).toEqual({ output: expected });
});

test('a schema that refers to itself', async () => {
  const node = z.object({
    name: z.string(),
    get children() {
      return z.array(node).optional();
    },
  });
  const { read } = await prepareOutput(node);
  const given = { name: 'a', children: [{ name: 'b', children: null }] };
  expect(await read(JSON.stringify(given))).toEqual({ output: { name: 'a', children: [{ name: 'b' }] } });
});

test.each<[string, z.ZodType, RegExp]>([
  ['anything', z.object({ a: z.unknown() }), /at #\/properties\/a: expected a type/],
  [
    'a record',
    z.object({ a: z.record(z.string(), z.number()) }),
    /#\/properties\/a\/additionalProperties: .*Use an array/,
  ],
  ['a tuple', z.object({ a: z.tuple([z.string(), z.number()]) }), /#\/properties\/a: .*"prefixItems"/],
  ['a date', z.object({ a: z.date() }), /Date cannot be represented in JSON Schema.*withJsonSchema/],
])('%s of Zod is refused before anything is sent', async (_, schema, words) => {
  await expect(prepareOutput(schema)).rejects.toThrow(words);
  await expect(prepareOutput(schema)).rejects.toThrow(TypeError);
});

test('no text makes the reading of an answer fail', async () => {
  const { read } = await prepareOutput(zod);
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((part) => JSON.stringify({ ...answer, steps: part })),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const found = await read(text);
      if ('output' in found) expect(zod.safeParse(found.output).success).toBe(true);
      else expect(['not-json', 'invalid']).toContain(found.reason);
    }),
  );
});
