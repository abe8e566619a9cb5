import { relative, sep } from 'node:path';
import { failure } from '../../harness/commands/failed-list.ts';

/** What is read of vitest's JSON report. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    /** The file, absolute. */
    name: string;
    status: string;
    /** Why it could not be loaded. */
    message?: string;
    assertionResults: { status: string; fullName?: string; failureMessages?: string[] | null }[];
  }[];
}

/** What is read of Playwright's JSON report. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: readonly { message?: string }[];
  suites: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  suites?: readonly PlaywrightSuite[];
  specs?: readonly {
    file: string;
    title: string;
    tests: readonly { status: string; results: readonly { error?: { message?: string } }[] }[];
  }[];
}

/**
 * The failed tests of a run of vitest's, as `failure` makes them; a file that could not be loaded is one.
 * @param output the end of what it printed, which alone tells of an error outside of the tests
 */
export function failuresOfVitest(report: VitestReport | undefined, root: string, output: string): string[] {
  const failing = (report?.testResults ?? []).filter(({ status }) => status === 'failed');
  const named = failing.flatMap((file) => {
    const name = relative(root, file.name).split(sep).join('/');
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0) return [failure(name, file.message ?? '')];
    return tests.map((one) => failure(`${name} > ${one.fullName}`, one.failureMessages?.[0] ?? ''));
  });
  const outside = /^⎯+ (Unhandled .*?) ⎯+\n(?:.*\n)*?(\w*Error: .*)$/m.exec(output);
  return outside === null ? named : [...named, failure(outside[1] ?? '', outside[2] ?? '')];
}

/** The failed tests of a run of Playwright's; one that passed only when tried again is one. */
export function failuresOfPlaywright(report: PlaywrightReport | undefined): string[] {
  const ofSuite = (suite: PlaywrightSuite): string[] => [
    ...(suite.specs ?? []).flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ results }) => failure(`${file} > ${title}`, results.find(({ error }) => error)?.error?.message ?? '')),
    ),
    ...(suite.suites ?? []).flatMap(ofSuite),
  ];
  return [
    ...(report?.suites ?? []).flatMap(ofSuite),
    ...(report?.errors ?? []).map(({ message = '' }) => failure('outside of the tests', message)),
  ];
}

/** The failed tests of a run of unittest's: `FAIL: test_x (test_driver.Case.test_x)`, and the error that ends its traceback. */
export function failuresOfUnittest(output: string): string[] {
  return [...output.matchAll(/^(?:FAIL|ERROR): (.+)$((?:\n(?!={10}).*)*)/gm)].map(([, name = '', traceback = '']) =>
    failure(name, /^\S*(?:Error|Exception|Exit|Interrupt)\b.*$/m.exec(traceback)?.[0] ?? ''),
  );
}
