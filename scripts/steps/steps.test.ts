import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { readSteps } from './read-steps.ts';
import { bareSchema, schemaFile } from './step-schema.ts';
import { driverTable, replaceGenerated, stepTables } from './step-tables.ts';
import { typeDeclarations } from './step-types.ts';

const language = readSteps(`
name: Move
title: Moves
description: One each.
kinds:
  latch: { type: string, pattern: '^[a-z]+$' }
  side: { typeName: Side, typeDescription: Left or right., enum: [left, right] }
groups:
  how:
    name: How
    title: Manner keys
    description: How it is done.
    keys:
      slowly: { description: Takes its time., type: boolean }
      until: { description: Waits., kind: latch }
steps:
  go:
    description: Goes.
    placeholder: SIDE
    driver: walks
    value: { kind: side }
    keys: { far: { required: true, type: integer, minimum: 1 } }
    with: { how: all }
  all-of:
    description: Several.
    placeholder: '[[…]]'
    server: true
    value: { steps: lists }
    with: { how: [slowly] }
`);

test('the types of a language: kinds with a name, groups, steps within steps', () => {
  const text = typeDeclarations(language, true).replace(/\s+/g, ' ');
  expect(text).toContain('/** Left or right. */ export type Side = "left" | "right";');
  expect(text).toContain(
    'export interface How { /** Takes its time. */ slowly?: boolean; /** Waits. */ until?: string; }',
  );
  expect(text).toContain('/** Goes. */ go: { go: Side; far: number; } & How;');
  expect(text).toContain("'all-of': { 'all-of': Move[][]; } & Pick<How, 'slowly'>;");
  expect(text).toContain('export type Move = Moves[keyof Moves];');
});

test('the schema takes what the types take, and nothing else', () => {
  const ajv = new Ajv({ allowUnionTypes: true });
  const takes = ajv.compile(schemaFile(language, true));
  const within = { 'all-of': [[{ go: 'left', far: 1, until: 'x' }], [{ go: 'right', far: 2 }]], slowly: true };
  expect(takes([within]), JSON.stringify(takes.errors)).toBe(true);
  for (const wrong of [
    [],
    [{ go: 'up', far: 1 }],
    [{ go: 'left' }],
    [{ ...within, until: 'x' }],
    [{ 'all-of': [[{ far: 1 }], []] }],
  ])
    expect(takes(wrong), JSON.stringify(wrong)).toBe(false);
});

test('the fake looks at a step alone, whatever stands in the steps within', () => {
  const [, allOf] = language.steps;
  const takes = new Ajv().compile(bareSchema(allOf as NonNullable<typeof allOf>));
  expect(takes({ 'all-of': [[{ unknown: 1 }]] })).toBe(true);
  expect(takes({ 'all-of': [7] })).toBe(false);
});

test('the tables of the docs', () => {
  const { steps, groups } = stepTables(language);
  expect(steps.split('\n').slice(2)).toEqual([
    '| `go: SIDE` | `far`, manner keys | Goes.<br>`far`: |',
    '| `all-of: [[…]]` | `slowly` | Several. |',
  ]);
  expect(groups.how).toContain('| `until` | Waits. |');
  expect(driverTable(language)).toContain('| `go: SIDE` | walks |');
  expect(replaceGenerated('a\n<!-- generated:x -->\nold\n<!-- /generated:x -->\nb', 'x', 'new')).toBe(
    'a\n<!-- generated:x -->\n\nnew\n\n<!-- /generated:x -->\nb',
  );
  expect(() => replaceGenerated('a', 'x', 'new')).toThrow('expected <!-- generated:x -->');
});

test.each([
  ['kind', "steps: { go: { description: '', placeholder: '', value: { kind: nothing } } }"],
  ['keys', "steps: { go: { description: '', placeholder: '', value: {}, with: { how: [nothing] } } }"],
])('a %s that is not defined is refused', (_what, steps) => {
  expect(() => readSteps(`name: X\ntitle: X\ndescription: X\nkinds: {}\n${steps}\n`)).toThrow(
    /^Reading steps: expected/,
  );
});

test('every key of both languages says what it is', () => {
  for (const name of ['script', 'scenario']) {
    const text = readFileSync(new URL(`../../fixtures/steps/${name}.yaml`, import.meta.url), 'utf8');
    for (const { verb, keys, description } of readSteps(text).steps) {
      expect(description, verb).toMatch(/\.$/);
      for (const { key, schema } of keys) expect(schema.description, `${verb} ${key}`).toBeDefined();
    }
  }
});

test('keys everywhere: the schema takes them beside every verb, the types know them apart', () => {
  const versioned = readSteps(`
name: Move
title: Moves
description: One each.
kinds: {}
groups:
  range:
    name: Range
    title: Versions
    description: From one to another.
    keys: { since: { description: The first., type: string } }
everywhere: range
steps:
  go: { description: Goes., placeholder: SIDE, value: { type: string } }
`);
  const takes = new Ajv().compile(schemaFile(versioned, false));
  expect([{ go: 'left' }, { go: 'left', since: '1' }, { go: 'left', until: '1' }].map((step) => takes(step))).toEqual([
    true,
    true,
    false,
  ]);
  const text = typeDeclarations(versioned, false).replace(/\s+/g, ' ');
  expect(text).toContain('export interface Range { /** The first. */ since?: string; }');
  expect(text).toContain('/** Goes. */ go: { go: string; };');
  expect(stepTables(versioned)).toMatchObject({ steps: expect.not.stringContaining('since') });
  expect(() => readSteps('name: X\nkinds: {}\neverywhere: range\nsteps: {}\n')).toThrow('expected a group');
});
