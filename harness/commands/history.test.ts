import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GuestId } from '../clients/clients.ts';
import { event, SampleRun } from '../report/test-fixtures/sample-run.ts';
import { readHistory } from '../summary/history-entry.ts';
import type { Summary } from '../summary/summary.ts';
import { badgeOf, history } from './history.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'history-'));
});
afterEach(() => rm(root, { recursive: true }));

const said: string[] = [];
const inputs = { code: 'k' };
const keep = (...lines: string[]) => void said.push(...lines);
const { terminal } = saidTerminal({ out: keep, note: keep });

/** Saves a run as `run` does; a whole one unless it says otherwise. */
async function save(
  name: string,
  begun: string,
  over: Partial<Summary> = {},
  commit: string | null = 'ab'.repeat(20),
  dirty = false,
) {
  const run = new SampleRun();
  run.golden('turns/one', [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', {})]);
  const from = path.join(root, name);
  await mkdir(from, { recursive: true });
  const summary: Summary = { ...run.summary(), begun, commit, dirty, scope: { whole: true }, ...over };
  await writeFile(path.join(from, 'summary.json'), JSON.stringify(summary));
  await writeFile(
    path.join(from, 'run-result.json'),
    JSON.stringify({ schemaVersion: 1, begun, commit, dirty, inputs, results: [] }),
  );
  return from;
}

const add = (from: string) => history({ action: 'add', from }, terminal, root);
const names = async () => (await readdir(path.join(root, 'fixtures', 'history'))).sort();

test('entries stand in the order of their runs, and the badge is the last one', async () => {
  const late = await save('late', '2026-02-03T04:05:06.789Z', { matchBeforeLedger: 0.5 });
  const early = await save('early', '2025-12-31T23:00:00.000Z', {}, 'cd'.repeat(20));
  expect([await add(late), await add(early)]).toEqual([0, 0]);
  expect(await names()).toEqual(['1.2.3-2025-12-31-cdcdcdcdcd.json', '1.2.3-2026-02-03-ababababab.json', 'badge.svg']);
  const entries = await readHistory(root);
  expect(entries.map(({ commit, matchBeforeLedger }) => [commit, matchBeforeLedger])).toEqual([
    ['cdcdcdcdcd', 1],
    ['ababababab', 0.5],
  ]);
  expect(entries[0]).toMatchObject({ platforms: ['linux'], seconds: 12, verdicts: { match: 1 } });
  const badge = await readFile(path.join(root, 'fixtures', 'history', 'badge.svg'), 'utf8');
  expect(entries.slice(-1).map(badgeOf)).toEqual([badge]);
  said.length = 0;
  expect(await history({}, terminal, root)).toBe(0);
  expect(said.map((line) => line.slice(0, 22))).toEqual(['2025-12-31  cdcdcdcdcd', '2026-02-03  ababababab']);
});

test('adding a run again changes nothing', async () => {
  const from = await save('run', '2026-02-03T04:05:06.789Z');
  await add(from);
  const file = path.join(root, 'fixtures', 'history', '1.2.3-2026-02-03-ababababab.json');
  const first = await readFile(file, 'utf8');
  await add(from);
  expect(await readFile(file, 'utf8')).toBe(first);
  expect(await names()).toHaveLength(2);
});

test('a part, a run of no commit and a broken summary are refused, and nothing is written', async () => {
  const begun = '2026-02-03T04:05:06.789Z';
  const part = await save('part', begun, { scope: { whole: false, part: '3 of 9 scenarios' } });
  await expect(add(part)).rejects.toThrow('expected a whole run, got a part: 3 of 9 scenarios');
  await expect(add(await save('none', begun, {}, null))).rejects.toThrow('got one that names none');
  const guest = await save('guest', begun, { clients: [{ id: 'go' as GuestId, version: '1' }] });
  await expect(add(guest)).rejects.toThrow('expected a run of the known clients alone, got one of go too');
  const broken = await save('broken', begun, { cells: -1 });
  await expect(add(broken)).rejects.toThrow('/cells must be >= 0');
  await expect(history({ action: 'ad' }, terminal, root)).rejects.toThrow('expected add, engines or nothing, got "ad"');
  expect(await readHistory(root)).toEqual([]);
});

test('a summary that another run left, and a run of what is not committed, are refused', async () => {
  const begun = '2026-02-03T04:05:06.789Z';
  const other = await save('other', begun, { begun: '2026-02-02T04:05:06.789Z' });
  await expect(add(other)).rejects.toThrow(
    /expected the summary of run-result.json's run of 2026-02-03.*, got that of the run of 2026-02-02.* of commit abab/,
  );
  await expect(add(await save('commit', begun, { commit: 'cd'.repeat(20) }))).rejects.toThrow('of commit cdcd');
  await expect(add(await save('dirty', begun, {}, undefined, true))).rejects.toThrow(
    'expected a folder as commit ababababab has it',
  );
  expect(await readHistory(root)).toEqual([]);
});

test('a file that is no entry is named', async () => {
  const folder = path.join(root, 'fixtures', 'history');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'odd.json'), '{"schemaVersion": 1}');
  await expect(readHistory(root)).rejects.toThrow(
    /odd\.json: expected JSON of the schema history, got one where .*begun/,
  );
});

/** A file of results, as `mutation` writes it. */
const sampleOf = (count: number, over: object = {}) =>
  [
    { kind: 'selection', schemaVersion: 1, files: [], scenario: null, family: null, seed: 1, count, shard: null },
    ...Array.from({ length: count }, (_, at) => {
      return {
        file: 'sdk/a.ts',
        line: at,
        mutator: 'm',
        replacement: 'r',
        status: at % 20 === 0 ? 'survived' : 'killed',
      };
    }),
  ]
    .map((row, at) => `${JSON.stringify(at === 0 ? { ...row, again: false, chosen: count, inputs, ...over } : row)}\n`)
    .join('');

test('the kill score of a whole sample of mutants goes along, that of a trial, a part or other sources does not', async () => {
  await mkdir(path.join(root, 'out', 'mutation'), { recursive: true });
  const last = path.join(root, 'out', 'mutation', 'results.jsonl');
  const from = await save('run', '2026-02-03T04:05:06.789Z');
  const added = async () => {
    said.length = 0;
    await add(from);
    return (await readHistory(root))[0]?.mutation ?? said[0];
  };
  for (const [text, why] of [
    [sampleOf(20), 'expected a sample of at least 400 mutants, got 20 in'],
    [sampleOf(400, { chosen: 401 }), 'has 400 of the 401 mutants that were selected'],
    [sampleOf(400, { files: ['sdk/rpc'] }), 'is limited to sdk/rpc'],
    [sampleOf(400, { inputs: { code: 'other' } }), 'is of other code than the run'],
  ] as const) {
    await writeFile(last, text);
    expect(await added()).toContain(why);
    await expect(history({ action: 'add', from, mutants: last }, terminal, root)).rejects.toThrow(why);
  }
  await writeFile(last, sampleOf(400));
  expect(await added()).toEqual({ mutants: 400, killed: 380, low: 0.924 });
});
