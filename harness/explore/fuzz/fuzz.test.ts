import { expect, test } from 'vitest';
import { readEngineLock } from '../../../native/index.ts';
import { loadContract } from '../../contract/load-contract.ts';
import { parseShard } from '../../run/shard.ts';
import { runsOf, scenarioOfRun } from './fuzz.ts';

test('a number of a seed is one run, whenever it is drawn', async () => {
  const contract = await loadContract(readEngineLock().officialPair);
  expect(scenarioOfRun(contract, 3, 7)).toEqual(scenarioOfRun(contract, 3, 7));
  expect(scenarioOfRun(contract, 3, 7)).not.toEqual(scenarioOfRun(contract, 3, 8));
  expect(scenarioOfRun(contract, 3, 7)).not.toEqual(scenarioOfRun(contract, 4, 7));
});

test('shards have each run once', () => {
  const parts = ['1/3', '2/3', '3/3'].flatMap((text) => runsOf(10, parseShard(text)));
  expect(parts.sort((a, b) => a - b)).toEqual(runsOf(10, undefined));
});
