import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioSkeleton } from '../harness/scenario/skeleton.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const schema = (name: string) => JSON.parse(read(`fixtures/schema/${name}.schema.json`));
const page = read('docs/scenario-format.md');
/** First column of the table below this heading. */
const firstColumn = (heading: string) =>
  (page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .flatMap((line) => [...(/^\|([^|]*)\|/.exec(line)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    .sort();

test('the scenario that the page begins with is the one that `new` writes', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(example).toBe(scenarioSkeleton({ id: 'turns/first-words', family: 'app-server' }));
});

test('the tables name every field of a scenario, of a model answer and of the ledger', () => {
  const scenario = schema('scenario');
  expect(firstColumn('Fields')).toEqual(Object.keys(scenario.properties).sort());
  expect(firstColumn('Answers of the model')).toEqual(Object.keys(scenario.definitions.modelAnswer.properties).sort());
  expect(firstColumn('A known difference')).toEqual(Object.keys(schema('known-differences').items.properties).sort());
});

test('the known difference on the page is one of the ledger', () => {
  const [, example = ''] = /```yaml\n(- id: [\s\S]*?)```/.exec(page) ?? [];
  expect(parse(read('fixtures/known-differences.yaml'))).toContainEqual(parse(example)[0]);
});
