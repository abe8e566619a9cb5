import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { readLedger } from '../../verdict/ledger.ts';
import { behaviourCounts, checkBehaviours } from './check-behaviours.ts';
import { hasTest, namePattern, parseBehaviours } from './read-behaviours.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

const entry = (id: string, over = '') => `
    - id: ${id}
      title: Adds
      proof: [sdk/add.test.ts > adds]
      break: { file: sdk/add.ts, find: a + b, replace: a - b }${over}`;

async function house(list: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'behaviours-check-'));
  folders.push(root);
  const files = {
    'fixtures/behaviours.yaml': list,
    'fixtures/known-differences.yaml': '[]\n',
    'sdk/add.ts': 'export const add = (a: number, b: number) => a + b;\n',
    'sdk/add.test.ts': "test('adds', () => {});\n",
  };
  await mkdir(join(root, 'fixtures/scenarios'), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return root;
}

test('the committed list: every proof, every break and every ledger entry that it names is there', async () => {
  const { behaviours, problems } = await checkBehaviours(repository);
  expect([...problems.values()].flat()).toEqual([]);
  expect(behaviours.length).toBeGreaterThan(0);
});

test('every behaviour that an entry of the ledger names is there', async () => {
  const [{ behaviours }, ledger] = await Promise.all([
    checkBehaviours(repository, []),
    readLedger(join(repository, 'fixtures/known-differences.yaml')),
  ]);
  const ids = new Set(behaviours.map(({ id }) => id));
  const named = ledger.flatMap(({ behaviours: own = [] }) => own);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test('what is not there is told at its place, and the behaviour does not count as proven', async () => {
  const wrong = `
    - id: A-2
      title: Nothing of it is there
      proof: [none/such, sdk/none.test.ts > x, sdk/add.test.ts > subtracts]
      break: { file: sdk/add.ts, find: number, replace: text }
      defect: true
      ledger: none`;
  const root = await house(`A:\n  title: Sums\n  behaviours:${entry('A-1')}${wrong}\n`);
  const { problems } = await checkBehaviours(root);
  expect(problems.get('A-2')?.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '10: there is no scenario none/such',
    '10: there is no file sdk/none.test.ts',
    '10: sdk/add.test.ts has no test "subtracts"',
    '11: expected this text in sdk/add.ts once, got it 2 times',
    '13: known-differences.yaml has no entry none',
  ]);
  expect(await behaviourCounts(root)).toEqual({ proven: 1, total: 2, unproven: ['A-2'] });
});

test('the form: an unknown key, a break of two lines, an id that is taken or of another section', () => {
  const parse = (behaviours: string) => () =>
    parseBehaviours(`A:\n  title: Sums\n  behaviours:${behaviours}\n`, 'list.yaml');
  expect(parse(entry('A-1', '\n      prof: x'))).toThrow(
    /^list\.yaml:8:7: expected the keys .*, got the key "prof" .did you mean "proof/,
  );
  expect(parse(entry('A-1').replace('a - b', '"a\\nb"'))).toThrow(/^list\.yaml:7:56: /);
  expect(parse(entry('A-1', '\n      defect: true'))).toThrow(/^list\.yaml:4:7: .*ledger/);
  expect(parse(entry('A-1') + entry('A-1'))).toThrow(/^list\.yaml:8:11: expected each id once, got A-1 again/);
  expect(parse(entry('B-1'))).toThrow(/^list\.yaml:4:11: expected an id of section A, got B-1/);
});

test('a table of tests is named as it stands in its file', () => {
  const text = "test.each([1, 2])(\n  'line %s (\\'quoted\\')', () => {});";
  expect(hasTest(text, "line %s ('quoted')")).toBe(true);
  expect(hasTest(text, 'line')).toBe(false);
  const pattern = new RegExp(namePattern("line %s ('quoted')"));
  expect(pattern.test("group line 2 ('quoted')")).toBe(true);
  expect(pattern.test("line 2 ('quoted') again")).toBe(false);
});
