import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readEngineLock, venvPython } from '../../../native/index.ts';
import { loadContract } from '../../contract/load-contract.ts';
import type { Mutant } from '../../proofs/mutation/types.ts';
import { defaultFolders, removeCells } from '../../run/folders.ts';
import { Explorer } from '../explorer.ts';
import { findMutants, type TriedMutant } from './find-mutants.ts';
import { type Found, fuzz, runsOf, scenarioOfRun } from './fuzz.ts';

/** Bugs in our client, each behind a switch: where, what stands there, and what stands there with the bug. */
const bugs = {
  'a dropped notification': [
    'sdk/rpc/connection.ts',
    'this.#events.onNotification(message.method,',
    "if (BUG && message.method === 'item/completed') return;\nthis.#events.onNotification(message.method,",
  ],
  'a state that is not told': [
    'sdk/rpc/turn-state.ts',
    'this.#changes?.append(state);',
    'if (BUG) return;\nthis.#changes?.append(state);',
  ],
  'a wrong default': ['sdk/client/thread.ts', 'const { includeTurns = false,', 'const { includeTurns = BUG,'],
} as const;

const folders = defaultFolders();
const { officialPair: engineVersion } = readEngineLock();

/** The sources of our client with all bugs, switched by the name of a mutant. */
async function faultySources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const [name, [file, right, wrong]] of Object.entries(bugs)) {
    const at = path.join(folders.repository, file);
    const text = sources.get(at) ?? (await readFile(at, 'utf8'));
    expect(text).toContain(right);
    const isOn = `(globalThis as any).__stryker__?.activeMutant === ${JSON.stringify(name)}`;
    sources.set(at, text.replace(right, wrong.replace('BUG', isOn)));
  }
  return sources;
}

async function faultyExplorer() {
  const explorer = await Explorer.open({
    repository: folders.repository,
    folder: path.join(folders.cells, 'faulty'),
    ledger: folders.ledger,
    engineVersion,
    python: venvPython(folders.repository),
    jobs: 1,
    sources: await faultySources(),
    signal: new AbortController().signal,
  });
  const close = async () => {
    await explorer.close();
    await removeCells(folders);
  };
  return { explorer, contract: await loadContract(engineVersion), close };
}

test('what only our client has is found where it goes wrong, by ours without the bug', async () => {
  const { explorer, contract, close } = await faultyExplorer();
  try {
    const told: TriedMutant[] = [];
    const id = 'a state that is not told';
    const mutant = { id, file: bugs[id][0] } as Mutant;
    await findMutants({
      ...{ explorer, contract, seed: 1, runs: runsOf(12, undefined), mutants: [mutant], tries: 12 },
      signal: new AbortController().signal,
      // Its sources have a switch, and do not count what reaches it.
      onRun: (_run, { plays }) => Object.assign(plays[0] as object, { reached: [id] }),
      onMutant: (one) => void told.push(one),
    });
    expect(told).toEqual([expect.objectContaining({ found: expect.objectContaining({ what: expect.any(String) }) })]);
  } finally {
    await close();
  }
}, 300_000);

test('a client that drops a notification, or has a wrong default, is found, each in a smaller scenario than it was drawn in', async () => {
  const { explorer, contract, close } = await faultyExplorer();
  try {
    const found = new Map<string, Found>();
    for (const mutant of ['a dropped notification', 'a wrong default']) {
      const mine = new AbortController();
      await fuzz({
        explorer,
        contract,
        seed: 1,
        runs: runsOf(60, undefined),
        jobs: 1,
        signal: mine.signal,
        players: [{ client: 'ts' }, { client: 'ts', mutant }],
        onFound(one) {
          // Ours without the bug is no better: the finding is not the bug's.
          if (one.told.findings.some((finding) => finding.mutant === undefined)) return;
          found.set(mutant, one);
          mine.abort();
        },
      });
    }
    expect([...found.keys()]).toEqual(['a dropped notification', 'a wrong default']);
    for (const { scenario, run } of found.values())
      expect(scenario.script.length).toBeLessThan(scenarioOfRun(contract, 1, run).script.length);
  } finally {
    await close();
  }
}, 300_000);
