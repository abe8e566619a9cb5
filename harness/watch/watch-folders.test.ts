import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'vitest';
import { watchFolders } from './watch-folders.ts';

let root: string;
let abort: AbortController;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twinproof-watch-'));
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await rm(root, { recursive: true, force: true });
});

/** Collects changes; `seen` waits for one of this file. */
function collect() {
  const files: string[] = [];
  const waiting = new Map<string, () => void>();
  return {
    onChange(file: string) {
      files.push(file);
      waiting.get(file)?.();
    },
    seen: (file: string) => (files.includes(file) ? undefined : new Promise<void>((done) => waiting.set(file, done))),
    clear: () => void files.splice(0),
  };
}

it('tells of files written, replaced again and again, and of those in folders that came later', async () => {
  await mkdir(path.join(root, 'a', 'b'), { recursive: true });
  await mkdir(path.join(root, 'c'));
  const { onChange, seen, clear } = collect();
  await watchFolders(root, ['a', 'not-there'], onChange, abort.signal);
  for (let round = 0; round < 3; round += 1) {
    await writeFile(path.join(root, 'c', 'beside'), String(round));
    await rename(path.join(root, 'c', 'beside'), path.join(root, 'a', 'b', 'f.yaml'));
    await seen('a/b/f.yaml');
    clear();
  }
  await mkdir(path.join(root, 'c', 'deep'));
  await writeFile(path.join(root, 'c', 'deep', 'before'), '');
  await rename(path.join(root, 'c'), path.join(root, 'a', 'new'));
  await seen('a/new/deep/before');
  await writeFile(path.join(root, 'a', 'new', 'deep', 'after'), '');
  await seen('a/new/deep/after');
});
