import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishFolder, staleFiles } from './publish-folder.ts';

test('a folder is replaced as a whole, and every way of being stale is named', async () => {
  const root = await mkdtemp(join(tmpdir(), 'publish-folder-'));
  try {
    const dir = join(root, 'a', 'generated');
    await publishFolder(dir, { 'one.ts': '1', 'old.ts': 'x' });
    await publishFolder(dir, { 'one.ts': '1', 'two.ts': '2' });
    expect(await readdir(join(root, 'a'))).toEqual(['generated']);
    expect((await readdir(dir)).sort()).toEqual(['one.ts', 'two.ts']);
    expect(await staleFiles(dir, { 'one.ts': '1', 'two.ts': '2' })).toEqual([]);
    await writeFile(join(dir, 'one.ts'), 'edited');
    await writeFile(join(dir, 'extra.ts'), '');
    expect(await staleFiles(dir, { 'one.ts': '1', 'two.ts': '2', 'three.ts': '3' })).toEqual([
      'extra.ts (not generated)',
      'one.ts (differs)',
      'three.ts (missing)',
    ]);
    expect(await readFile(join(dir, 'one.ts'), 'utf8')).toBe('edited');
    expect(await staleFiles(join(root, 'nowhere'), { 'one.ts': '' })).toEqual(['one.ts (missing)']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
