import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultFolders } from '../../../run/folders.ts';
import type { Mutant } from '../types.ts';
import { measureTests } from './measure-tests.ts';
import type { TestVerdict } from './try-tests.ts';

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), 'measure-tests-'));
});
afterAll(() => rm(cache, { recursive: true }));

const ofLock = (all: readonly Mutant[]) => all.filter(({ file }) => file === 'sdk/rpc/keyed-lock.ts');

async function run(tests: string[], choose: (all: readonly Mutant[]) => readonly Mutant[], mutated = 'sdk/rpc') {
  const verdicts = new Map<string, TestVerdict>();
  const { signal } = new AbortController();
  const failing = await measureTests({
    ...{ repository: defaultFolders().repository, part: 'sdk', mutators: 'own', mutated: [mutated], cache, tests },
    ...{ choose, jobs: 1, signal, onStage: () => undefined },
    onResult: ({ line, mutator }, verdict) => void verdicts.set(`${line} ${mutator}`, verdict),
  });
  return { verdicts, failing };
}

test('tests kill what they reach, in a copy of the tree that is gone afterwards; what they reach is kept', async () => {
  const { verdicts, failing } = await run(['sdk/rpc/keyed-lock.test.ts', 'sdk/rpc/json-line.test.ts'], ofLock);
  expect(failing).toEqual([]);
  const killed = { status: 'killed', by: 'tests', killer: expect.stringContaining('keyed-lock.test.ts > one') };
  const all = ['22 AwaitDropped', '22 FirstForLast', '28 FirstForLast', '30 CleanupDropped'];
  expect(Object.fromEntries(verdicts)).toMatchObject(Object.fromEntries(all.map((name) => [name, killed])));
  expect(await readdir(cache)).toEqual([expect.stringMatching(/^reach-sdk-[0-9a-f]{16}\.jsonl$/)]);
}, 120_000);

test('a constant, which is set while its module is loaded, is noticed by a test that tries its edge', async () => {
  const longest = (all: readonly Mutant[]) =>
    all.filter(({ file, original }) => file === 'sdk/errors/codex-error.ts' && original === '16_384');
  const { verdicts, failing } = await run(['scripts/limits/edges.test.ts'], longest, 'sdk/errors');
  expect(failing).toEqual([]);
  const killed = { status: 'killed', killer: expect.stringContaining('edges.test.ts > ') };
  expect([...verdicts]).toMatchObject([[expect.stringContaining('DefaultChanged'), killed]]);
}, 120_000);
