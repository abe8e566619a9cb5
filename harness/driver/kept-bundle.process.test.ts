import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptBundle, root } from './kept-bundle.mjs';

let folder: string;
let made: number;
beforeEach(async () => {
  // Inputs are files of the repository; what is below `dist` is nobody's source.
  await mkdir(path.join(root, 'dist'), { recursive: true });
  folder = await mkdtemp(path.join(root, 'dist', 'kept-bundle-'));
  made = 0;
  await source('one', 'a');
  await source('two', 'b');
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
async function source(name: string, text: string): Promise<void> {
  await writeFile(at(name), text);
  // Older than any bundling of it.
  await utimes(at(name), 1e9, 1e9);
}

/** Both sources in one text. */
async function make() {
  made += 1;
  const texts = await Promise.all(['one', 'two'].map((name) => readFile(at(name), 'utf8')));
  return { text: texts.join('\n'), inputs: ['one', 'two'].map((name) => path.relative(root, at(name))) };
}
const bundle = () => keptBundle(at('bundle.mjs'), make);

test('a bundle is made once, until a source of it changes', async () => {
  expect(await bundle()).toBe('a\nb');
  expect(await bundle()).toBe('a\nb');
  expect(made).toBe(1);
  await source('two', 'c');
  expect(await bundle()).toBe('a\nc');
  expect(await readFile(at('bundle.mjs'), 'utf8')).toBe('a\nc');
  expect(made).toBe(2);
});

const damages: [string, () => Promise<unknown>][] = [
  ['is gone', () => rm(at('bundle.mjs'))],
  ['is cut', () => writeFile(at('bundle.mjs'), 'a')],
  ['has no stamp', () => rm(at('bundle.mjs.stamp.json'))],
  ['has a broken stamp', () => writeFile(at('bundle.mjs.stamp.json'), '{"text":')],
  [
    'was made in another folder',
    async () => {
      const stamp = at('bundle.mjs.stamp.json');
      await writeFile(stamp, JSON.stringify({ ...JSON.parse(await readFile(stamp, 'utf8')), root: '/elsewhere/' }));
    },
  ],
  ['has the stamp of nothing', () => writeFile(at('bundle.mjs.stamp.json'), 'null')],
];
test.each(damages)('a bundle that %s is made anew', async (_, damage) => {
  await bundle();
  await damage();
  expect(await bundle()).toBe('a\nb');
  expect(made).toBe(2);
});

test('a source that is written while it is bundled has the bundle made again', async () => {
  const meanwhile = async () => {
    const done = await make();
    await writeFile(at('one'), 'new');
    return done;
  };
  expect(await keptBundle(at('bundle.mjs'), meanwhile)).toBe('a\nb');
  expect(await bundle()).toBe('new\nb');
});

test('what cannot be made is told, and what was there stays', async () => {
  await bundle();
  await source('two', 'c');
  await expect(keptBundle(at('bundle.mjs'), () => Promise.reject(new Error('no such thing')))).rejects.toThrow(
    'no such',
  );
  expect(await readFile(at('bundle.mjs'), 'utf8')).toBe('a\nb');
});
