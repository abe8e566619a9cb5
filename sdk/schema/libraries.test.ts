import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { z as z3 } from 'zod/v3';
import { prepareSchema } from './prepare-schema.ts';
import type { Schema, SchemaOutput } from './standard-schema.ts';
import { toJsonSchema } from './to-json-schema.ts';

const doing = 'reading the schema';

/** The same shape in each library: a text, and a number that is optional. */
const schemas = {
  zod: z.object({ id: z.string(), rank: z.number().optional() }),
  'zod/mini': mini.object({ id: mini.string(), rank: mini.optional(mini.number()) }),
  // As before 4.2, where the schema has no converter of its own.
  'early zod': withoutConverter(z.object({ id: z.string(), rank: z.number().optional() })),
  valibot: v.object({ id: v.string(), rank: v.optional(v.number()) }),
  'valibot with a converter': toStandardJsonSchema(v.object({ id: v.string(), rank: v.optional(v.number()) })),
  arktype: type({ id: 'string', 'rank?': 'number' }),
};

function withoutConverter<S extends z.ZodType>(schema: S): S {
  const { jsonSchema: _converter, ...standard } = schema['~standard'];
  Object.defineProperty(schema, '~standard', { value: standard });
  return schema;
}

test.each(Object.entries(schemas))('%s gives a JSON Schema and checks values itself', async (_library, schema) => {
  const { jsonSchema, validate } = await prepareSchema(schema as Schema, doing);
  expect(jsonSchema).toMatchObject({
    type: 'object',
    properties: { id: { type: 'string' }, rank: { type: 'number' } },
    required: ['id'],
  });
  expect(jsonSchema).not.toHaveProperty('$schema');
  expect(await validate({ id: 'T-1', rank: 1 })).toEqual({ value: { id: 'T-1', rank: 1 } });
  const { issues = [] } = await validate({ id: 1 });
  expect(issues).toEqual([{ message: expect.stringMatching(/string/i), path: ['id'] }]);
});

test('the type of what comes out is that of the library', () => {
  type Shape = { id: string; rank?: number | undefined };
  expectTypeOf<SchemaOutput<typeof schemas.zod>>().toEqualTypeOf<Shape>();
  expectTypeOf<SchemaOutput<(typeof schemas)['zod/mini']>>().toEqualTypeOf<Shape>();
  expectTypeOf<SchemaOutput<typeof schemas.valibot>>().toEqualTypeOf<Shape>();
  expectTypeOf<SchemaOutput<(typeof schemas)['valibot with a converter']>>().toEqualTypeOf<Shape>();
  expectTypeOf<SchemaOutput<typeof schemas.arktype>>().toEqualTypeOf<{ id: string; rank?: number }>();
  expectTypeOf<SchemaOutput<{ type: 'object' }>>().toEqualTypeOf<unknown>();
});

test('the model writes what goes in, the program gets what comes out', async () => {
  const schema = z.object({ at: z.string().transform(Number), more: z.string().default('x') });
  const { jsonSchema, validate } = await prepareSchema(schema, doing);
  expect(jsonSchema).toMatchObject({ properties: { at: { type: 'string' } }, required: ['at'] });
  expect(await validate({ at: '7' })).toEqual({ value: { at: 7, more: 'x' } });
});

test('what a library cannot turn into JSON Schema is refused with its words', async () => {
  const refused: [Schema, RegExp][] = [
    [z.object({ at: z.date() }), /one that zod cannot turn into it: Date cannot be represented/],
    [withoutConverter(z.object({ at: z.bigint() })), /one that zod cannot turn into it: BigInt cannot/],
    [v.object({ at: v.date() }), /one that valibot cannot turn into it: .*date/],
    [z3.object({ id: z3.string() }), /one of zod that has none/],
  ];
  for (const [schema, text] of refused) {
    const error = await toJsonSchema(schema, doing).then(
      () => 'made',
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(text);
    expect((error as Error).message).toMatch(/Write the JSON Schema yourself and pass withJsonSchema/);
  }
});
