import { expect, test } from 'vitest';
import type { Mutant } from '../types.ts';
import type { TestReach } from './reach.ts';
import type { TestsDone } from './test-process.ts';
import { reachedAtLoading, testsFor, tryTests } from './try-tests.ts';

const mutant: Mutant = {
  ...{ id: '1', file: 'sdk/rpc/lock.ts', line: 1, column: 1, mutator: 'AwaitDropped' },
  ...{ original: 'await a', replacement: 'a' },
};
const unit = (file: string, reached: string[], durationMs = 100): TestReach => ({
  file,
  kind: 'unit',
  durationMs,
  reached,
});
const slow = (file: string, reached: string[]): TestReach => ({ file, kind: 'process', durationMs: 3000, reached });

const passes: TestsDone = { passed: 1, durationMs: 1 };
const fails = (file: string): TestsDone => ({
  failed: { file, test: 'a test', why: 'expected 1, got 2' },
  durationMs: 1,
});

/** Answers in turn, and what was asked. */
function runner(...answers: TestsDone[]) {
  const asked: string[][] = [];
  const run = async (files: readonly string[]) => {
    asked.push([...files]);
    return answers[asked.length - 1] ?? passes;
  };
  return { asked, run };
}

test('only tests that reach a mutant may notice it, those about its file first', () => {
  const far = unit('sdk/far.test.ts', ['1', ...Array.from({ length: 500 }, (_, at) => `x${at}`)]);
  const near = unit('sdk/rpc/lock.test.ts', ['1', '2', '3']);
  const other = unit('sdk/other.test.ts', ['2']);
  expect(testsFor(mutant, [far, other, near], ['1', '2', '3'])).toEqual([near, far]);
});

test('what loading reaches is what every file reaches that reaches any of it, if these are enough', () => {
  const all = [unit('a.test.ts', ['1', '2', '5']), unit('b.test.ts', ['1', '5']), unit('c.test.ts', ['1', '3'])];
  const inFile = [['1', '2', '3', '4'], ['5']];
  expect([...reachedAtLoading(all, inFile)]).toEqual(['1']);
  expect([...reachedAtLoading(all.slice(1), inFile)]).toEqual([]);
});

test('a mutant that loading reaches is also looked for where little else than loading is', () => {
  const far = unit('sdk/far.test.ts', ['1', '2', ...Array.from({ length: 500 }, (_, at) => `x${at}`)]);
  const near = unit('sdk/rpc/lock.test.ts', ['1', '2', '3']);
  const menu = unit('sdk/index.test.ts', ['1', ...Array.from({ length: 500 }, (_, at) => `l${at}`)]);
  const siblings = ['1', '2', '3'];
  const atLoading = new Set(menu.reached);
  expect(testsFor(mutant, [menu, far, near], siblings)).toEqual([near, far, menu]);
  expect(testsFor(mutant, [menu, far, near], siblings, atLoading)).toEqual([near, menu, far]);
  expect(testsFor({ ...mutant, id: '2' }, [menu, far, near], siblings, atLoading)).toEqual([near, far]);
});

test('no test reaches it', async () => {
  const { run, asked } = runner();
  expect(await tryTests(mutant, [], { run })).toEqual({ status: 'not-covered', tests: 0 });
  expect(asked).toEqual([]);
});

test('unit tests come first, and process tests only if these pass', async () => {
  const { run, asked } = runner();
  const candidates = [slow('p.process.test.ts', ['1']), unit('a.test.ts', ['1']), unit('b.test.ts', ['1'])];
  expect(await tryTests(mutant, candidates, { run })).toEqual({ status: 'survived', tests: 3 });
  expect(asked).toEqual([['a.test.ts', 'b.test.ts'], ['p.process.test.ts']]);
});

test('the files of a kind that are tried take half a minute together, and are one at least', async () => {
  const { run, asked } = runner();
  const long = (file: string) => ({ ...unit(file, ['1']), durationMs: 20_000 });
  await tryTests(mutant, [long('a.test.ts'), long('b.test.ts'), unit('c.test.ts', ['1'])], { run });
  await tryTests(mutant, [{ ...long('a.test.ts'), durationMs: 90_000 }], { run });
  expect(asked).toEqual([['a.test.ts', 'c.test.ts'], ['a.test.ts']]);
});

test('a test that fails twice has noticed it', async () => {
  const { run, asked } = runner(fails('b.test.ts'), fails('b.test.ts'));
  const candidates = [unit('a.test.ts', ['1']), unit('b.test.ts', ['1']), slow('p.process.test.ts', ['1'])];
  expect(await tryTests(mutant, candidates, { run })).toEqual({
    ...{ status: 'killed', by: 'tests', tests: 3 },
    ...{ killer: 'b.test.ts > a test', because: 'expected 1, got 2' },
  });
  expect(asked).toEqual([['a.test.ts', 'b.test.ts'], ['b.test.ts']]);
});

test('a test that fails once has not: those after it follow', async () => {
  const { run, asked } = runner(fails('a.test.ts'), passes);
  const candidates = [unit('a.test.ts', ['1']), unit('b.test.ts', ['1'])];
  expect(await tryTests(mutant, candidates, { run })).toMatchObject({ status: 'survived' });
  expect(asked).toEqual([['a.test.ts', 'b.test.ts'], ['a.test.ts'], ['b.test.ts']]);
});

test('tests that twice do not end have noticed it', async () => {
  const late: TestsDone = { late: true, durationMs: 1 };
  const { run } = runner(late, late);
  expect(await tryTests(mutant, [unit('a.test.ts', ['1'])], { run })).toMatchObject({ status: 'endless', by: 'tests' });
});

test('a runner that fails has shown nothing', async () => {
  const broken: TestsDone = { broken: 'it ended', durationMs: 1 };
  const { run } = runner(broken, broken);
  expect(await tryTests(mutant, [unit('a.test.ts', ['1'])], { run })).toMatchObject({
    status: 'survived',
    failures: ['a.test.ts: it ended'],
  });
});
