import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReportModel } from '../report/model.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinproof-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { terminal } = saidTerminal();

async function modelIn(...names: string[]): Promise<ReportModel> {
  const html = await readFile(path.join(folder, ...names, 'report.html'), 'utf8');
  const [, packed = ''] = /id="model">([^<]*)</.exec(html) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as ReportModel;
}

it('a folder of shards gives the report of the whole, and a report made anew is the one that the run made', async () => {
  const some = { scenario: 'turns/{two-turns,plain-message}', offline: true, jobs: '1' };
  for (const shard of ['1/2', '2/2'])
    await run({ ...some, shard, out: path.join(folder, 'shards', shard.slice(0, 1)) }, terminal);
  await report({ from: path.join(folder, 'shards'), out: path.join(folder, 'whole') }, terminal);
  const whole = await modelIn('whole');
  expect(whole.scenarios.map(({ id }) => id)).toEqual(['turns/plain-message', 'turns/two-turns']);
  const shown = whole.cells.filter(({ verdict }) => verdict !== 'not-applicable');
  expect(shown.every(({ raw, embedded }) => raw !== undefined && embedded !== undefined)).toBe(true);
  await report({ from: path.join(folder, 'whole') }, terminal);
  expect(await modelIn('whole')).toEqual(whole);
  await expect(report({ from: path.join(folder, 'nothing') }, terminal)).rejects.toThrow('holds no result of a run');
}, 120_000);
