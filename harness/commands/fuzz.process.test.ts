import path from 'node:path';
import { expect, test } from 'vitest';
import { fuzzRuns } from './fuzz.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

test.each([
  ['seed', 'x', 'Reading --seed: expected'],
  ['runs', '0', 'Reading --runs: expected'],
  ['run', '1,x', 'Reading --run: expected'],
  ['shard', '3', 'Reading --shard: expected'],
  ['jobs', 'many', 'Reading --jobs: expected'],
  ['file', '/nowhere/one.yaml', 'Reading --file /nowhere/one.yaml: expected a scenario file, got ENOENT'],
  ['file', import.meta.filename, 'expected YAML, got Implicit keys'],
  ['file', path.join(import.meta.dirname, '../../package.json'), 'expected a scenario with a script, got none'],
  ['mutants', '/nowhere/results.jsonl', '/nowhere/results.jsonl'],
])('--%s %s is refused, and nothing is played', async (name, value, why) => {
  const { terminal, out, notes } = saidTerminal();
  await expect(fuzzRuns({ [name]: value }, terminal)).rejects.toThrow(why);
  expect([out, notes]).toEqual([[], []]);
});
