import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Family } from '../clients/clients.ts';
import { loadContract } from '../contract/load-contract.ts';
import { ShapeChecker } from './check-shape.ts';
import { readScenarios } from './load-scenarios.ts';
import { scenarioSkeleton } from './skeleton.ts';

const contract = await loadContract();
const shape = new ShapeChecker();
const scenarios = path.join(import.meta.dirname, '..', '..', 'fixtures', 'scenarios');

it.each<[string, Family, string | undefined, string]>([
  ['turns/steer-twice', 'app-server', undefined, 'Steer twice'],
  ['exec/deep/in/a-folder', 'exec', 'A: "b" #c\n- d', 'A: "b" #c\n- d'],
])('%s is a scenario as it is, and its first line names the schema', (id, family, title, wanted) => {
  const text = scenarioSkeleton({ id, family, title });
  const { problems, scenarios: read } = readScenarios(text, { file: 'x.yaml', id, contract, shape });
  expect(problems).toEqual([]);
  expect(read).toMatchObject([{ id, family, title: wanted }]);
  const schema = /^# yaml-language-server: \$schema=(.+)\n/.exec(text)?.[1] ?? '';
  expect(existsSync(path.join(scenarios, path.dirname(id), schema))).toBe(true);
});
