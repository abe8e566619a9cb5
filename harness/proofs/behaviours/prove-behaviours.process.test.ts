import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { proveBehaviours } from './prove-behaviours.ts';
import type { Behaviour, Proof } from './read-behaviours.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
let root: string;
let temp: string;

beforeAll(async () => {
  await execa(process.execPath, ['scripts/build-fake.mjs'], { cwd: repository });
  root = await mkdtemp(join(tmpdir(), 'behaviours-prove-'));
  temp = join(root, 'out');
  await mkdir(temp);
  vi.stubEnv('TMPDIR', temp);
  await mkdir(join(root, 'sdk'));
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  const scripts = ['coverage/measured.ts', 'fresh-modules.ts', 'long-first.ts'].map((name) => `scripts/test/${name}`);
  for (const file of ['vitest.config.ts', ...scripts]) await cp(join(repository, file), join(root, file));
  await writeFile(
    join(root, 'sdk/add.ts'),
    'export const add = (a: number, b: number) => a + b;\nexport const word = "sum";\n',
  );
  await writeFile(
    join(root, 'sdk/add.test.ts'),
    `import { expect, test } from 'vitest';
import { add } from './add.ts';
test('adds', () => expect(add(1, 2)).toBe(3));
test('adds wrongly', () => expect(add(1, 2)).toBe(4));
`,
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const behaviour = (id: string, proof: Proof, find: string, replace: string, file = 'sdk/add.ts'): Behaviour => ({
  id,
  title: id,
  section: 'Sums',
  clients: undefined,
  proof: [proof],
  break: { file, find, replace },
  defect: false,
  ledger: undefined,
  line: 1,
});
const adds = { file: 'sdk/add.test.ts', test: 'adds' };
const copies = async () => (await readdir(temp)).filter((name) => name.startsWith('twinproof-behaviours-'));

test('a test that fails under the break proves; a break that changes nothing, a proof that fails by itself and a break that is no program are told', async () => {
  const results = await proveBehaviours({
    root,
    jobs: 2,
    behaviours: [
      behaviour('A-1', adds, 'a + b', 'a - b'),
      behaviour('A-2', adds, 'sum', 'total'),
      behaviour('A-3', { ...adds, test: 'adds wrongly' }, 'a + b', 'a - b'),
      behaviour('A-4', adds, 'a + b', 'a +'),
      behaviour('A-5', adds, 'a + b', 'a - b; throw new Error()'),
      behaviour('A-6', { ...adds, test: 'subtracts' }, 'a + b', 'a - b'),
    ],
  });
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['A-1', 'proven'],
    ['A-2', 'not-failing'],
    ['A-3', 'broken-proof'],
    ['A-4', 'broken-break'],
    ['A-5', 'broken-break'],
    ['A-6', 'broken-proof'],
  ]);
  expect(results[0]?.reason).toMatch(/^sdk\/add\.test\.ts > adds: AssertionError: expected -1 to be 3/);
  expect(await copies()).toEqual([]);
});

test('a scenario that ends otherwise under the break proves, and one that does not is told', async () => {
  const proof = { scenario: 'faults/crlf' };
  const results = await proveBehaviours({
    root: repository,
    jobs: 1,
    behaviours: [
      behaviour(
        'C-50',
        proof,
        "text.endsWith('\\r') ? text.slice(0, -1)",
        "text.endsWith('\\r') ? ''",
        'sdk/transport/line-codec.ts',
      ),
      behaviour('C-51', proof, 'this.retained', 'this.retained', 'sdk/rpc/none.ts'),
      behaviour('C-52', proof, 'const keptLines = 400', 'const keptLines = 401', 'sdk/transport/stderr-tail.ts'),
      // A driver that dies before its hello has performed nothing.
      behaviour(
        'C-53',
        proof,
        'const siteFrames = 3;',
        "throw new Error('as it is loaded'); const siteFrames = 3;",
        'sdk/errors/callers-line.ts',
      ),
    ],
  });
  expect(
    results.map(({ verdict }) => verdict),
    JSON.stringify(results),
  ).toEqual(['proven', 'broken-break', 'not-failing', 'broken-break']);
  expect(results[3]?.reason).toMatch(/driver ts exited with code 1/);
}, 120_000);

test('an abort ends the run and leaves no copy', async () => {
  const stop = new AbortController();
  const run = proveBehaviours({
    root,
    jobs: 1,
    behaviours: [behaviour('A-1', adds, 'a + b', 'a - b'), behaviour('A-2', adds, 'sum', 'total')],
    signal: stop.signal,
    onResult: () => stop.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
  expect(await copies()).toEqual([]);
});
