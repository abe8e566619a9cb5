import { expect, test } from 'vitest';
import { readEngineLock } from '../../../native/index.ts';
import { loadContract } from '../../contract/load-contract.ts';
import type { Mutant } from '../../proofs/mutation/types.ts';
import type { Explored, ExploreOrder, Play } from '../types.ts';
import { type FindMutantsOptions, findMutants } from './find-mutants.ts';

const play: Play = { client: 'ts', unexplained: [], known: [], digest: '', reached: ['1', '2', '3'] };

/** Finds each mutant in whatever run reaches it. */
function findsAll({ players }: ExploreOrder): Explored {
  const mutant = players[1]?.mutant;
  if (mutant === undefined) return { verdict: 'same', plays: [play], findings: [] };
  return {
    verdict: 'different',
    plays: [],
    findings: [{ client: 'ts', mutant, kind: 'difference', what: 'x' }],
  };
}

const contract = await loadContract(readEngineLock().officialPair);

/** Tries three mutants with two runs. */
function find(explore: FindMutantsOptions['explorer']['explore'], abort = new AbortController()) {
  const mutants = ['1', '2', '3'].map((id) => ({ id }) as Mutant);
  return findMutants({
    explorer: { explore },
    contract,
    seed: 1,
    runs: [1, 2],
    signal: abort.signal,
    mutants,
    tries: 2,
  });
}

test.each([
  ['while runs are played without mutants', undefined, 'answers', []],
  ['while a mutant is tried, and the play fails', '2', 'fails', ['1']],
  ['while a mutant is tried, and the play ends as if it were found', '2', 'answers', ['1']],
] as const)('an abort keeps the mutants that were tried: %s', async (_when, at, then, kept) => {
  const abort = new AbortController();
  const tried = await find(async (order) => {
    if (order.players[1]?.mutant === at) {
      abort.abort();
      if (then === 'fails') throw new Error('the worker has ended');
    }
    return findsAll(order);
  }, abort);
  expect(tried.map(({ mutant }) => mutant.id)).toEqual(kept);
});

test('without an abort all are tried, and an error of the explorer is thrown', async () => {
  expect(await find(async (order) => findsAll(order))).toEqual(
    ['1', '2', '3'].map((id) => ({ mutant: { id }, reachedBy: 2, found: { run: 1, what: 'difference x' } })),
  );
  const failing = find(async () => {
    throw new Error('the worker has ended');
  });
  await expect(failing).rejects.toThrow('the worker has ended');
});
