import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleProgram } from './bundle-program.mjs';
import { root } from './kept-bundle.mjs';

let folder: string;
beforeEach(async () => {
  // Below the repository, where its packages are found.
  await mkdir(path.join(root, 'dist'), { recursive: true });
  folder = await mkdtemp(path.join(root, 'dist', 'bundle-program-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('modules know where their sources are, strings that speak of it stay, and a class keeps its name', async () => {
  const entry = path.join(folder, 'entry.ts');
  await mkdir(path.join(folder, 'inner'));
  await writeFile(
    path.join(folder, 'inner', 'place.mts'),
    `export const places = [import.meta.url, import.meta.dirname, 'import.meta.url'];
export class Same extends Error {}\n`,
  );
  await writeFile(path.join(folder, 'inner', 'same.ts'), 'export class Same extends Error {}\n');
  await writeFile(
    entry,
    `export { places, Same } from './inner/place.mts';
export { Same as Other } from './inner/same.ts';
export const whenAsked = () => import('./inner/compiler.ts');\n`,
  );
  await writeFile(
    path.join(folder, 'inner', 'compiler.ts'),
    "import ts from 'typescript';\nexport const { version } = ts;\n",
  );
  const { text, inputs } = await bundleProgram(entry);
  const made = path.join(folder, 'made.mjs');
  await writeFile(made, text);
  const { places, Same, Other, whenAsked } = await import(/* @vite-ignore */ pathToFileURL(made).href);
  const source = path.join(folder, 'inner', 'place.mts');
  expect(places).toEqual([pathToFileURL(source).href, path.dirname(source), 'import.meta.url']);
  expect([Same.name, Other.name]).toEqual(['Same', 'Same']);
  // The compiler, which few commands need, is loaded by the first that does.
  expect(text).not.toMatch(/from ?"typescript"/);
  expect(await whenAsked()).toMatchObject({ version: expect.stringMatching(/^\d/) });
  expect(inputs).toEqual(
    expect.arrayContaining(
      ['entry.ts', 'inner/place.mts', 'inner/same.ts', 'inner/compiler.ts'].map((name) =>
        path.posix.join(path.relative(root, folder).split(path.sep).join('/'), name),
      ),
    ),
  );
});
