import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCommit } from './read-sources.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'read-commit-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a folder is of its commit until something in it is not; an entry of the history is nothing', async () => {
  expect(await readCommit(folder)).toEqual({ commit: null, dirty: true });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder });
  await git('init', '--quiet');
  await writeFile(path.join(folder, 'a.ts'), '1');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'one');
  const { stdout: commit } = await git('rev-parse', 'HEAD');
  expect(await readCommit(folder)).toEqual({ commit, dirty: false });
  await mkdir(path.join(folder, 'fixtures', 'history'), { recursive: true });
  await writeFile(path.join(folder, 'fixtures', 'history', 'b.json'), '{}');
  expect(await readCommit(folder)).toEqual({ commit, dirty: false });
  await writeFile(path.join(folder, 'new.ts'), '1');
  expect(await readCommit(folder)).toEqual({ commit, dirty: true });
  await rm(path.join(folder, 'new.ts'));
  await writeFile(path.join(folder, 'a.ts'), '2');
  expect(await readCommit(folder)).toEqual({ commit, dirty: true });
});
