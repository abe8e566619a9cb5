import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failuresOfPlaywright, failuresOfUnittest, failuresOfVitest, type VitestReport } from './named-failures.ts';

const root = join(import.meta.dirname, '../..');
const file = (name: string, over: Partial<VitestReport['testResults'][0]>) => ({
  name: join(root, name),
  status: 'failed',
  message: '',
  assertionResults: [],
  ...over,
});
const report = (...testResults: VitestReport['testResults']): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
});

test('vitest: a failed test by its file and name, a file that cannot be loaded, an error outside of both', () => {
  const failing = file('sdk/a.test.ts', {
    assertionResults: [
      { status: 'passed', fullName: 'one', failureMessages: [] },
      { status: 'failed', fullName: 'two three', failureMessages: ['AssertionError: expected 1 to be 2\n    at x'] },
    ],
  });
  const unloaded = file('sdk/b.test.ts', { message: 'Cannot find module ./c.ts' });
  const good = file('sdk/d.test.ts', { status: 'passed' });
  expect(failuresOfVitest(report(failing, unloaded, good), root, '')).toEqual([
    'sdk/a.test.ts > two three: AssertionError: expected 1 to be 2',
    'sdk/b.test.ts: Cannot find module ./c.ts',
  ]);
  const output = '⎯⎯ Unhandled Errors ⎯⎯\nVitest caught 1 error.\n⎯⎯ Unhandled Rejection ⎯⎯\nTypeError: no\n ❯ x';
  expect(failuresOfVitest(report(good), root, output)).toEqual(['Unhandled Errors: TypeError: no']);
  expect(failuresOfVitest(undefined, root, 'killed')).toEqual([]);
});

test('unittest: a failed test by its name, with the error that ends its traceback', () => {
  const rule = '='.repeat(70);
  const dashes = '-'.repeat(70);
  const traceback = `${dashes}\nTraceback (most recent call last):\n  File "a.py", line 5, in test_x\n    raise Error('x')`;
  const output = `FE\n${rule}\nFAIL: test_x (test_a.A.test_x)\na docstring\n${traceback}\nAssertionError: 1 != 2 : why\nmore\n${rule}\nERROR: test_y (test_a.A.test_y)\n${traceback}\nsome.module.OddError: bad\n${dashes}\nRan 2 tests in 0.001s\n\nFAILED (failures=1, errors=1)`;
  expect(failuresOfUnittest(output)).toEqual([
    'test_x (test_a.A.test_x): AssertionError: 1 != 2 : why',
    'test_y (test_a.A.test_y): some.module.OddError: bad',
  ]);
});

test('playwright: a failed test in any suite, a flaky one, and an error outside of the tests', () => {
  const spec = (title: string, status: string, message: string) => ({
    file: 'cell.spec.ts',
    title,
    tests: [{ status, results: [{ error: { message } }, {}] }],
  });
  const found = failuresOfPlaywright({
    stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
    errors: [{ message: 'Error: no browser' }],
    suites: [
      {
        specs: [spec('a', 'unexpected', 'Error: x')],
        suites: [{ specs: [spec('b', 'flaky', 'y'), spec('c', 'expected', '')] }],
      },
    ],
  });
  expect(found).toEqual([
    'cell.spec.ts > a: Error: x',
    'cell.spec.ts > b: y',
    'outside of the tests: Error: no browser',
  ]);
});
