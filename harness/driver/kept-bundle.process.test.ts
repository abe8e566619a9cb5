import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
const out = () => at('out');
/** The sources of a test have only just been written. */
const later = () => Date.now() + 1000;
const bundle = () => keptBundle(out(), 'bundle.mjs', make, later);
const stamp = () => path.join(out(), 'bundle.mjs.stamp.json');

test('a bundle is made once, until a source of it changes; who has taken one keeps it', async () => {
  const first = await bundle();
  expect(first.text).toBe('a\nb');
  expect(await bundle()).toEqual(first);
  expect(made).toBe(1);
  await source('two', 'c');
  const second = await bundle();
  expect(second.text).toBe('a\nc');
  expect(made).toBe(2);
  expect(await Promise.all([first, second].map(({ file }) => readFile(file, 'utf8')))).toEqual(['a\nb', 'a\nc']);
});

test('a bundle that nobody has taken for more than a day goes when another is made, and so does what was left half written', async () => {
  const first = await bundle();
  const half = `${first.file}.0123.new`;
  await writeFile(half, 'a');
  for (const file of [first.file, half]) await utimes(file, 1e9, 1e9);
  expect(await bundle()).toEqual(first);
  // Taken now.
  await source('two', 'c');
  const second = await bundle();
  const names = () => readdir(out()).then((found) => found.sort());
  expect(await names()).toEqual([first.file, second.file, stamp()].map((file) => path.basename(file)).sort());
  await utimes(first.file, 1e9, 1e9);
  await source('two', 'd');
  await bundle();
  expect(await names()).not.toContain(path.basename(first.file));
});

const damages: [string, (file: string) => Promise<unknown>][] = [
  ['is gone', (file) => rm(file)],
  ['is cut', (file) => writeFile(file, 'a')],
  ['has no stamp', () => rm(stamp())],
  ['has a broken stamp', () => writeFile(stamp(), '{"text":')],
  [
    'was made in another folder',
    async () =>
      writeFile(stamp(), JSON.stringify({ ...JSON.parse(await readFile(stamp(), 'utf8')), root: '/elsewhere/' })),
  ],
  ['has the stamp of nothing', () => writeFile(stamp(), 'null')],
];
test.each(damages)('a bundle that %s is made anew', async (_, damage) => {
  const { file } = await bundle();
  await damage(file);
  expect((await bundle()).text).toBe('a\nb');
  expect(made).toBe(2);
});

test.each(['as it is', 'and its time is set back'])(
  'a source that is written while it is bundled has the bundle made again (%s)',
  async (how) => {
    const changedAt = async () => (await stat(at('one'))).ctimeMs;
    const before = Math.max(await changedAt(), (await stat(at('two'))).ctimeMs);
    const meanwhile = async () => {
      const done = await make();
      // The clock of files goes in steps.
      while ((await changedAt()) <= before + 1)
        await (how === 'as it is' ? writeFile(at('one'), 'new') : source('one', 'new'));
      return done;
    };
    // Both sources are old enough then.
    const now = () => before + 51;
    expect((await keptBundle(out(), 'bundle.mjs', meanwhile, now)).text).toBe('a\nb');
    expect(await readdir(out())).not.toContain('bundle.mjs.stamp.json');
    expect((await bundle()).text).toBe('new\nb');
  },
);

test('what cannot be made is told, and what was there stays', async () => {
  const { file } = await bundle();
  await source('two', 'c');
  const broken = () => Promise.reject(new Error('no such thing'));
  await expect(keptBundle(out(), 'bundle.mjs', broken)).rejects.toThrow('no such');
  expect(await readFile(file, 'utf8')).toBe('a\nb');
});

test('what cannot be written is told, with nothing left half written', async () => {
  await writeFile(out(), 'a file in place of the folder');
  await expect(bundle()).rejects.toThrow(/^Cannot write .*bundle/);
});
