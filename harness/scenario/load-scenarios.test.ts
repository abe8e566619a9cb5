import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataError } from '../data/data-error.ts';
import { loadScenarios } from './load-scenarios.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scenarios-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function write(id: string, family = 'app-server', title = 'X'): Promise<void> {
  await mkdir(join(dir, id, '..'), { recursive: true });
  await writeFile(
    join(dir, `${id}.yaml`),
    `id: ${id}\ntitle: ${title}\nfamily: ${family}\ncovers: []\nsteps: [{ call: codex.close }]\n`,
  );
}

test('the committed scenarios are sound', async () => {
  expect((await loadScenarios()).map(({ id }) => id)).toContain('turns/plain-message');
});

test('scenarios are found in folders, sorted, and picked by glob and family', async () => {
  for (const id of ['b/two', 'a/one', 'a/deep/three']) await write(id);
  await write('a/run', 'exec');
  const ids = async (options?: Parameters<typeof loadScenarios>[1]): Promise<string[]> =>
    (await loadScenarios(dir, options)).map(({ id }) => id);
  expect(await ids()).toEqual(['a/deep/three', 'a/one', 'a/run', 'b/two']);
  expect(await ids({ glob: 'a/*', family: 'app-server' })).toEqual(['a/one']);
  expect(await ids({ family: 'exec' })).toEqual(['a/run']);
  expect(await ids({ glob: 'nothing' })).toEqual([]);
});

test('the problems of all files come in one error, a line each; a file outside the glob is not read', async () => {
  await write('a/one', 'exce');
  await write('b/two', 'app-server', '[]');
  const failure = await loadScenarios(dir).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DataError);
  expect((failure as DataError).message.split('\n')).toEqual([
    expect.stringMatching(/a\/one\.yaml:3:9: expected one of app-server, exec, got "exce" \(did you mean "exec"\?\)$/),
    expect.stringMatching(/b\/two\.yaml:2:8: expected a text, got \[\]$/),
  ]);
  await write('a/one');
  expect(await loadScenarios(dir, { glob: 'a' })).toHaveLength(1);
});
