import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inResults, readRunResult } from './run-result.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'run-result-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => path.join(folder, ...names);
const fine = { scenario: 'turns/plain', client: 'ts', engine: 'fake', raw: 'raw/turns/plain/ts.fake.jsonl' };

async function write(cell: object, to = at('run-result.json')): Promise<void> {
  await writeFile(to, JSON.stringify({ schemaVersion: 1, results: [{ ...fine, ...cell }] }));
}

test('a result as a run writes it is read', async () => {
  await write({ platform: 'darwin' });
  expect((await readRunResult(folder)).results).toMatchObject([fine]);
});

// A folder of results may come from the run of a fork: what it names becomes paths that are read and written, and addresses in a page.
test.each<[string, unknown]>([
  ['raw', '../../secret'],
  ['raw', 'raw/../../secret'],
  ['raw', '/etc/passwd'],
  ['raw', '..'],
  ['raw', 'raw//x'],
  ['raw', 'raw\\..\\x'],
  ['raw', 'raw/a\nb'],
  ['raw', 7],
  ['scenario', '../x'],
  ['scenario', 'a\n::warning::b'],
  ['platform', '../../x'],
])('a %s of %j is refused', async (name, value) => {
  await write({ [name]: value });
  await expect(readRunResult(folder)).rejects.toThrow(new RegExp(`expected a ${name} of plain words and /, got`));
});

test.skipIf(process.platform === 'win32')('a link out of the folder is not followed, one within it is', async () => {
  await mkdir(at('results'));
  await write({}, at('elsewhere.json'));
  await symlink('../elsewhere.json', at('results', 'run-result.json'));
  await expect(readRunResult(at('results'))).rejects.toThrow('a link out of it');
  await symlink('..', at('results', 'raw'));
  await expect(inResults(at('results'), 'raw/elsewhere.json')).rejects.toThrow('a link out of it');
  await rm(at('results', 'run-result.json'));
  await write({}, at('results', 'real.json'));
  await symlink('real.json', at('results', 'run-result.json'));
  expect((await readRunResult(at('results'))).results).toHaveLength(1);
});
