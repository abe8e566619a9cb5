import { expect, test } from 'vitest';
import { issueText } from './issue-text.ts';
import { optionalPeer } from './optional-peer.ts';
import { prepareSchema } from './prepare-schema.ts';
import type { StandardResult, StandardSchema } from './standard-schema.ts';
import { toJsonSchema } from './to-json-schema.ts';
import { withJsonSchema } from './with-json-schema.ts';

const doing = 'reading the schema';

function standard(validate: (value: unknown) => StandardResult<string>, input?: () => Record<string, unknown>) {
  const schema: StandardSchema<unknown, string> = {
    '~standard': { version: 1, vendor: 'mine', validate, ...(input && { jsonSchema: { input } }) },
  };
  return schema;
}

test('a JSON Schema is checked by the draft that it names; without one, by 2020-12', async () => {
  const pair = { type: 'array', prefixItems: [{ type: 'string' }] };
  const dialects: [string | undefined, boolean][] = [
    [undefined, false],
    ['https://json-schema.org/draft/2020-12/schema', false],
    ['https://json-schema.org/draft/2019-09/schema', true],
    ['http://json-schema.org/draft-07/schema#', true],
  ];
  for (const [$schema, passes] of dialects) {
    const { jsonSchema, validate } = await prepareSchema({ ...pair, ...($schema && { $schema }) }, doing);
    expect(jsonSchema).toEqual(pair);
    expect('value' in (await validate([1]))).toBe(passes);
  }
});

test('the issues of a JSON Schema say where they are, and which key is too much', async () => {
  const item = { type: 'object', properties: { 'a/b': { type: 'string' } }, additionalProperties: false };
  const { validate } = await prepareSchema({ type: 'array', items: item }, doing);
  const { issues = [] } = await validate([{}, { 'a/b': 1, c: 2 }]);
  expect(issueText(issues)).toBe('- [1]: must NOT have additional properties: c\n- [1].a/b: must be string');
});

test('what is no schema, has no JSON Schema, or cannot be one, is a TypeError that says what to do', async () => {
  const fine = () => ({ value: '' });
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const refused: [unknown, RegExp][] = [
    [null, /expected a schema, got null\. Pass a schema of Zod/],
    ['{}', /expected a schema, got string/],
    [cyclic, /expected a JSON Schema of JSON values, got TypeError/],
    [{ type: 'nonsense' }, /expected a JSON Schema, got one that ajv refuses: .*type/s],
    [{ $ref: 'https://example.invalid/x' }, /one that ajv refuses: can't resolve reference/],
    [{ $schema: 'http://json-schema.org/draft-04/schema#' }, /one that ajv refuses: .*draft-04/],
    [standard(fine), /got one of mine that has none\. Write the JSON Schema yourself and pass withJsonSchema/],
    [standard(fine, () => expect.fail('no dates')), /one that mine cannot turn into it: no dates\. Write/],
  ];
  for (const [schema, text] of refused) {
    const error = await prepareSchema(schema as object, doing).then(
      () => 'prepared',
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(text);
    expect((error as Error).message).toMatch(/^Reading the schema: /);
  }
});

test("a library's schema checks the value itself and says what it is; its JSON Schema is a copy, without $schema", async () => {
  const made = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'string', enum: ['a'] };
  const schema = standard(
    (value) =>
      value === 'a'
        ? { value: 'A' }
        : { issues: [{ message: 'is not a', path: ['x', { key: 0 }] }, { message: 'no' }] },
    () => made,
  );
  const { jsonSchema, validate } = await prepareSchema(schema, doing);
  made.enum.push('b');
  expect(jsonSchema).toEqual({ type: 'string', enum: ['a'] });
  expect(await validate('a')).toEqual({ value: 'A' });
  const { issues = [] } = await validate('b');
  expect(issues).toEqual([
    { message: 'is not a', path: ['x', 0] },
    { message: 'no', path: [] },
  ]);
  expect(issueText(issues)).toBe('- x[0]: is not a\n- no');
});

test('a schema without JSON Schema can be given one', async () => {
  const schema = withJsonSchema(
    standard((value) => ({ value: String(value) })),
    { type: 'number' },
  );
  expect(await toJsonSchema(schema, doing)).toEqual({ type: 'number' });
  expect(await (await prepareSchema(schema, doing)).validate(1)).toEqual({ value: '1' });
  expect(() => withJsonSchema({} as never, {})).toThrow(/expected a schema with Standard Schema/);
  expect(() => withJsonSchema(schema, 'x' as never)).toThrow(/expected a JSON Schema, got string/);
});

test('a package that is missing, or cannot be loaded, is named with what to do', async () => {
  const missing = Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' });
  const load = (error: Error) => optionalPeer('ajv@8', doing, () => Promise.reject(error), 'use Zod');
  await expect(load(missing)).rejects.toMatchObject({
    name: 'CodexError',
    kind: 'install',
    cause: missing,
    message: 'Reading the schema: expected the package ajv@8, got none. Run npm install ajv@8, or use Zod.',
  });
  await expect(load(new Error('it broke'))).rejects.toThrow('got one that cannot be loaded (it broke).');
});

test('a text about many or long issues stays short', () => {
  const issues = Array.from({ length: 25 }, () => ({ message: 'x'.repeat(1000), path: [] }));
  const text = issueText(issues);
  expect(text).toMatch(/- and 5 more$/);
  expect(text.length).toBeLessThan(12_000);
});
