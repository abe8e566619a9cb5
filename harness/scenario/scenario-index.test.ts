import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataError } from '../data/data-error.ts';
import { type Library, loadLibrary } from './load-scenarios.ts';
import { deciding } from './scenario-index.ts';

let dir: string;
let index: string;
beforeEach(async () => {
  const own = await mkdtemp(join(tmpdir(), 'scenario-index-'));
  dir = join(own, 'scenarios');
  index = join(own, 'cache', 'index.json');
  await write('a/one');
  await write('a/two');
  await write('b/three');
  await write('b/many', { more: 'matrix: { x: { to: A }, y: { to: B } }\n', title: '{ $case: to }' });
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

async function write(id: string, { family = 'app-server', title = 'X', more = '' } = {}): Promise<void> {
  await mkdir(join(dir, id, '..'), { recursive: true });
  await writeFile(
    join(dir, `${id}.yaml`),
    `id: ${id}\ntitle: ${title}\nfamily: ${family}\ncovers: []\nsteps: [{ call: codex.close }]\n${more}`,
  );
}

/** Files of a test have only just been written. */
const later = () => Date.now() + 1000;
type Told = Library | string;
const tell = (globs: readonly string[], file: string): Promise<Told> =>
  loadLibrary(dir, globs, file, later).catch((error: Error) => {
    expect(error).toBeInstanceOf(DataError);
    return error.message;
  });
/** What it says with the index is what it says without one. */
async function asWithout(...globs: string[]): Promise<Told> {
  const told = await tell(globs, index);
  expect(told).toEqual(await tell(globs, join(dir, '..', `none-${Math.random()}.json`)));
  return told;
}
const idsOf = (told: Told) => (typeof told === 'string' ? told : told.scenarios.map(({ id }) => id));
const all = ['a/one', 'a/two', 'b/many/x', 'b/many/y', 'b/three'];

test.each<[string[], string[]]>([
  [[], all],
  [['a/one'], ['a/one']],
  [['a'], ['a/one', 'a/two']],
  [['b/many/y'], ['b/many/y']],
  [
    ['**/t*', 'b/many'],
    ['a/two', 'b/many/x', 'b/many/y', 'b/three'],
  ],
  [['nothing'], []],
])('with a warm index %j selects as without one, and knows all ids', async (globs, selected) => {
  await asWithout();
  const told = await asWithout(...globs);
  expect(idsOf(told)).toEqual(selected);
  expect(told).toMatchObject({ ids: all });
});

test('a file that is known to be sound and that no glob matches is not read', async () => {
  await asWithout();
  // The same stamp, though the text is another: nobody but the index can say that it is sound.
  const kept = JSON.parse(await readFile(index, 'utf8'));
  await write('b/three', { family: 'exce' });
  const { mtimeMs, ctimeMs, size } = await stat(join(dir, 'b/three.yaml'));
  kept.files['b/three.yaml'].stamp = `${mtimeMs} ${ctimeMs} ${size}`;
  await writeFile(index, JSON.stringify(kept));
  expect(await tell(['a'], index)).toMatchObject({ ids: all });
  expect(await tell(['b/three'], index)).toMatch(/three\.yaml:3:9: expected one of app-server, exec/);
});

const changes: [string, () => Promise<unknown>][] = [
  ['a file breaks', () => write('b/three', { family: 'exce' })],
  [
    'a file breaks in the same length, and its time is set back',
    async () => {
      const file = join(dir, 'b/three.yaml');
      const { atime, mtime } = await stat(file);
      await writeFile(file, (await readFile(file, 'utf8')).replace('steps', 'stops'));
      await utimes(file, atime, mtime);
    },
  ],
  ['a broken file comes', () => write('c/new', { family: 'exce' })],
  ['a sound file comes', () => write('c/new')],
  ['a file goes', () => rm(join(dir, 'a/two.yaml'))],
  ['a file gets another case', () => write('b/many', { more: 'matrix: { z: { to: A } }\n', title: '{ $case: to }' })],
  ['the index is cut', async () => writeFile(index, (await readFile(index, 'utf8')).slice(0, 100))],
  ['the index is of another shape', () => writeFile(index, '{"files":{"a/one.yaml":{"ids":"a/one"}}}')],
  [
    'a file of the index has no ids',
    async () =>
      writeFile(index, (await readFile(index, 'utf8')).replace('"ids":["a/one"]', '"ids":[]').replace('a/two', 'a/2')),
  ],
  [
    'the index is of other code',
    async () => {
      const kept = JSON.parse(await readFile(index, 'utf8'));
      kept.made.by['package-lock.json'] = 'another';
      for (const file of Object.values<{ ids: string[] }>(kept.files)) file.ids = ['stale'];
      await writeFile(index, JSON.stringify(kept));
    },
  ],
  ['the index is gone', () => rm(index)],
  ['the index cannot be read or written', () => rm(index).then(() => mkdir(index))],
];
test.each(changes)('%s: the next run says what it would say without an index', async (_, change) => {
  await asWithout();
  await change();
  for (const globs of [['a'], ['b/three'], []]) await asWithout(...globs);
});

test('a file that was only just written is read again: a second write in the same moment leaves no trace', async () => {
  const now = () => 0;
  await loadLibrary(dir, [], index, now);
  expect(JSON.parse(await readFile(index, 'utf8')).files).toEqual({});
  await asWithout();
  expect(Object.keys(JSON.parse(await readFile(index, 'utf8')).files)).toHaveLength(4);
});

test('problems are told again by each run: only what is sound is kept', async () => {
  await write('b/three', { family: 'exce' });
  for (const _ of [1, 2]) expect(await asWithout('a')).toMatch(/three\.yaml:3:9/);
});

test('all code that checks a scenario is among what makes the index stale', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { metafile } = await build({
    entryPoints: ['harness/scenario/load-scenarios.ts'],
    absWorkingDir: root,
    ...{ bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', packages: 'external' },
  });
  const sources = Object.keys(metafile.inputs);
  expect(sources).toContain('harness/scenario/check-shape.ts');
  expect(sources.filter((file) => /^native\/.*\//.test(file))).toEqual([]);
  expect(sources.filter((file) => !deciding.some((place) => file === place || file.startsWith(`${place}/`)))).toEqual(
    [],
  );
});
