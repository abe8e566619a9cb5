import { expect, test } from 'vitest';
import { loadContract } from '../contract/load-contract.ts';
import { diffContracts } from './contract-diff.ts';
import { contractSeeds } from './test-fixtures/contract-seeds.ts';

test.each(contractSeeds)('$name', async ({ make, expected }) => {
  const before = await loadContract('0.163.0');
  const after = structuredClone(before);
  make(after);
  expect(
    diffContracts(before, after).map(({ what, place, class: of, classes }) => ({ what, place, class: of, classes })),
  ).toEqual(expected);
});

test('a change names the messages that reach it, and goes the way they go', async () => {
  const before = await loadContract('0.163.0');
  const after = structuredClone(before);
  after.schema.definitions.SandboxMode?.enum?.push('container');
  const [change] = diffContracts(before, after);
  expect(change).toMatchObject({ direction: 'both', blame: 'engine', source: 'contract', after: 'container' });
  expect(change?.messages).toEqual(expect.arrayContaining(['config/read', 'thread/start', 'thread/fork']));
});
