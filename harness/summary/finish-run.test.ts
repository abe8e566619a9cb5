import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { goldenPath, writeGolden } from '../golden/golden-file.ts';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { defaultFolders, type Folders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { finishRun } from './finish-run.ts';
import { passedAndFailed, type Summary } from './summary.ts';

let folder: string;
let folders: Folders;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'twinproof-finish-'));
  const own = defaultFolders(path.join(folder, 'out'));
  // The repository without what earlier runs have kept.
  const repository = path.join(folder, 'repository');
  await mkdir(repository);
  for (const name of await readdir(own.repository))
    if (name !== '.cache') await symlink(path.join(own.repository, name), path.join(repository, name));
  folders = { ...own, repository, goldens: path.join(folder, 'golden') };
});
afterEach(() => rm(folder, { recursive: true }));

const mark = (key: string): NormalisedLine => ({ lane: 'mark', key, ch: 'mark', body: { mark: key } });
const entry: LedgerEntry = {
  ...{ id: 'known', scenario: 'turns/a', clients: ['ts'], engines: ['real'], path: 'mark:m/mark' },
  ...{ kind: 'idiom', reason: 'r', evidence: 'e', line: 1 },
};

/** What a run of one scenario came to. */
async function finished(
  cell: Partial<CellResult>,
  {
    ledger = [],
    golden = [mark('m'), mark('n'), mark('o'), mark('p')],
    over = {},
  }: { ledger?: LedgerEntry[]; golden?: NormalisedLine[]; over?: Partial<RunResult> } = {},
) {
  const header = {
    kind: 'golden',
    schemaVersion: 1,
    scenario: 'turns/a',
    client: 'python',
    engineVersion: '1',
  } as const;
  await writeGolden(goldenPath(folders.goldens, 'turns/a'), asNormalised({ header, lines: golden, fired: {} }));
  const result: RunResult = {
    ...{ schemaVersion: 1, platform: process.platform, begun: '2026-01-01T00:00:00.000Z', commit: null, dirty: true },
    ...{ inputs: {}, engine: { version: '1.0.0', sha256: 's' }, clients: [], shard: null, interrupted: false },
    request: { scenario: null, family: null, clients: ['ts'], engines: ['real'], offline: false, rounds: 1 },
    ...{ durationMs: 1, jobs: 1, results: [sampleCell({ scenario: 'turns/a', ...cell })] },
    ...over,
  };
  const environment = {
    ...{ folders, python: undefined, ledger, checker: new WireChecker(await loadContract()) },
    library: { ids: ['turns/a'], scenarios: [{ id: 'turns/a' } as never] },
  };
  const run = { result, observations: new Map(), coverage: [] };
  const { summary, results } = await finishRun(run, environment, { signal: new AbortController().signal, doing() {} });
  return { summary, verdicts: results.map(({ verdict }) => verdict), counts: passedAndFailed(summary) };
}

const outlived = ({ ledger }: Summary) => ledger.problems.filter((one) => one.includes('no longer occurs'));

test('a run with nothing wrong has no problem', async () => {
  const { summary, verdicts, counts } = await finished({});
  expect({ verdicts, counts }).toEqual({ verdicts: ['match'], counts: { passed: 1, failed: 0 } });
  expect([...summary.problems, ...summary.ledger.problems]).toEqual([]);
  expect(summary.sensitivity).toMatchObject({ tampered: 27, flagged: 27, loosened: {}, selfDifferences: 0 });
});

test('an entry that no longer occurs fails its cell and is a problem; a cell that could not run says nothing of it', async () => {
  const { summary, verdicts, counts } = await finished({}, { ledger: [entry] });
  expect(verdicts).toEqual(['stale-known-difference']);
  expect(outlived(summary)).toHaveLength(1);
  expect(counts).toEqual({ passed: 0, failed: 1 + summary.ledger.problems.length });
  const other = await finished({ verdict: 'could-not-run' }, { ledger: [entry] });
  expect(outlived(other.summary)).toEqual([]);
  // Of a shard, `merge` judges it.
  const shard = await finished({}, { ledger: [entry], over: { shard: { index: 1, count: 2 } } });
  expect({ verdicts: shard.verdicts, problems: outlived(shard.summary) }).toEqual({
    verdicts: ['match'],
    problems: [],
  });
});

test('an entry that covers too much is a problem, and so is what it still explains once it has expired', async () => {
  const difference = { kind: 'changed', lane: 'mark', ch: 'mark', key: 'm', path: 'mark:m/mark' } as const;
  const known: Partial<CellResult> = { verdict: 'known-difference', known: [{ id: 'known', difference }] };
  const { summary, counts } = await finished(known, { ledger: [entry], golden: [mark('m')] });
  expect(summary.ledger.problems).toEqual([
    expect.stringContaining('expected its path to cover at most 25 % of a golden, got 100 %'),
    expect.stringContaining('expected it to cover at most 1 % of all goldens'),
  ]);
  expect(counts).toEqual({ passed: 1, failed: 2 });
  const expired = await finished(known, { ledger: [{ ...entry, expires: { date: '2000-01-01' } }] });
  expect(expired.verdicts).toEqual(['stale-known-difference']);
});

test('an entry ends on its day, by the clock of the machine', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 15, 23, 59) });
  try {
    const difference = { kind: 'changed', lane: 'mark', ch: 'mark', key: 'm', path: 'mark:m/mark' } as const;
    const known: Partial<CellResult> = { verdict: 'known-difference', known: [{ id: 'known', difference }] };
    const until = async (date: string) =>
      (await finished(known, { ledger: [{ ...entry, expires: { date } }] })).verdicts[0];
    expect(await until('2026-06-16')).toBe('known-difference');
    expect(await until('2026-06-15')).toBe('stale-known-difference');
  } finally {
    vi.useRealTimers();
  }
});

test('a comparison that rules blind is a problem of the run', async () => {
  const argv: NormalisedLine = { lane: 'argv', key: 'argv', ch: 'argv', body: { argv: ['<engine>'] } };
  const { summary, counts } = await finished({}, { golden: [argv] });
  expect(summary.problems).toEqual([expect.stringContaining('expected rules to let at most 4 % of the changes pass')]);
  expect(counts).toEqual({ passed: 1, failed: 1 });
});
