import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const fixtures = join(root, 'fixtures');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .map((name) => join(fixtures, name));

/** The schema that an editor takes for a file, from its first line; undefined where it names none. */
function schemaOf(file: string): string | undefined {
  const [first = ''] = readFileSync(file, 'utf8').split('\n', 1);
  const address = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1];
  return address === undefined ? undefined : resolve(dirname(file), address);
}

const isScenario = (file: string) => /^(?:bump-)?scenarios\b/.test(relative(fixtures, file));
const schemaFolder = join(fixtures, 'schema');
const schemas = readdirSync(schemaFolder).map((name) => join(schemaFolder, name));
const readSchema = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as object;

test('every file of data gives its editor a schema that is there', () => {
  expect(files.length).toBeGreaterThan(100);
  const without = files.filter((file) => !schemas.includes(schemaOf(file) ?? ''));
  expect(without.map((file) => relative(root, file))).toEqual([]);
});

test('every scenario names the schema of scenarios, and each list its own', () => {
  const named = (file: string) => relative(schemaFolder, schemaOf(file) ?? '');
  const scenarios = files.filter(isScenario);
  expect(new Set(scenarios.map(named))).toEqual(new Set(['scenario.schema.json']));
  const steps = files.filter((file) => file.startsWith(join(fixtures, 'steps')));
  expect(steps.map(named)).toEqual(['steps.schema.json', 'steps.schema.json']);
  const bumps = files.filter((file) => file.startsWith(join(fixtures, 'bumps')));
  for (const file of bumps) expect(named(file)).toBe(`bump-${file.split('.').at(-2)}.schema.json`);
  const lists = files.filter((file) => ![...scenarios, ...steps, ...bumps].includes(file));
  expect(lists.length).toBeGreaterThan(3);
  // Differences in runs that nobody wrote down have the form of the ledger.
  const ofForm: Readonly<Record<string, string>> = { 'explored-differences': 'known-differences' };
  for (const file of lists) {
    const name = basename(file, '.yaml');
    expect(named(file)).toBe(`${ofForm[name] ?? name}.schema.json`);
  }
});

/** As an editor reads a schema: with the files that it names beside it. */
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
for (const schema of schemas) ajv.addSchema(readSchema(schema), relative(schemaFolder, schema));

function validatorOf(schema: string): ValidateFunction {
  const validate = ajv.getSchema(relative(schemaFolder, schema));
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  return validate;
}

test('what the lists say is as their schemas have it, so that an editor shows no error in them', () => {
  for (const file of files.filter((one) => !isScenario(one))) {
    const validate = validatorOf(schemaOf(file) as string);
    validate(parse(readFileSync(file, 'utf8')));
    expect(validate.errors ?? [], relative(root, file)).toEqual([]);
  }
});

test('the schemas see what is wrong in a list', () => {
  const ledger = validatorOf(join(schemaFolder, 'known-differences.schema.json'));
  const entry = {
    ...{ id: 'a', scenario: 'turns/a', clients: ['ts'], path: 'x', kind: 'idiom' },
    ...{ reason: 'It is so because of that.', evidence: 'e' },
  };
  expect(ledger([entry])).toBe(true);
  for (const wrong of [{ kind: 'wish' }, { clients: ['pyhton'] }, { reason: '' }, { expires: {} }, { pth: 'x' }])
    expect(ledger([{ ...entry, ...wrong }])).toBe(false);
  const surface = validatorOf(join(schemaFolder, 'surface-exceptions.schema.json'));
  expect(surface([{ name: 'A.b', ours: null, reason: 'Not of this language.' }])).toBe(true);
  expect(surface([{ name: 'A.b', our: null, reason: 'Not of this language.' }])).toBe(false);
});
