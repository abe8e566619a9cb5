import { expect, test } from 'vitest';
import type { VitestReport } from './named-failures.ts';
import { countPlaywright, countUnittest } from './stages.ts';
import { countVitest } from './vitest-stage.ts';

const report = (over: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});

test('vitest: tests are counted one by one', () => {
  const failing = { name: 'a', status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] };
  expect(countVitest(report({}), 0)).toEqual({ passed: 3, failed: 0, skipped: 0 });
  expect(countVitest(report({ numFailedTests: 2, testResults: [failing] }), 1)).toMatchObject({ passed: 3, failed: 2 });
});

test('vitest: what fails without a failing test is counted as one', () => {
  const unloaded = { name: 'b', status: 'failed', assertionResults: [] };
  expect(countVitest(report({ testResults: [unloaded] }), 1)).toMatchObject({ passed: 3, failed: 1 });
  expect(countVitest(report({}), 1)).toMatchObject({ passed: 3, failed: 1 });
  expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});

test.each([
  ['Ran 12 tests in 0.4s\n\nOK', 0, { passed: 12, failed: 0, skipped: 0 }],
  ['Ran 12 tests in 0.4s\n\nOK (skipped=2)', 0, { passed: 10, failed: 0, skipped: 2 }],
  ['Ran 12 tests in 0.4s\n\nFAILED (failures=1, errors=2, skipped=1)', 1, { passed: 8, failed: 3, skipped: 1 }],
  ['Ran 0 tests in 0.0s\n\nNO TESTS RAN', 5, { passed: 0, failed: 1, skipped: 0 }],
  ['Fatal Python error', -6, { passed: 0, failed: 1, skipped: 0 }],
])('unittest: %j', (output, code, counts) => {
  expect(countUnittest(output, code)).toEqual(counts);
});

test('playwright: a flaky test has failed, and so has a run that failed without a test', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 1 };
  expect(countPlaywright({ stats, errors: [] }, 1)).toEqual({ passed: 4, failed: 2, skipped: 1 });
  expect(countPlaywright({ stats: { ...stats, unexpected: 0, flaky: 0 }, errors: [] }, 1)).toMatchObject({ failed: 1 });
  expect(countPlaywright(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});
