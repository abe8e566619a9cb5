import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longFiles } from './long-first.ts';

test('every file that is begun first is there', () => {
  const root = join(import.meta.dirname, '../..');
  expect(longFiles.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});
