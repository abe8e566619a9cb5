import { readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { execa } from 'execa';
import { endGroup } from '../end-group.ts';
import { namePattern } from './read-behaviours.ts';

/** A test, by its file in the copy and its name. */
export interface TestName {
  file: string;
  test: string;
}

/** The result of a requested test; `why` is the first line of the failure. */
export interface TestOutcome {
  status: 'passed' | 'failed' | 'not-run';
  why: string;
}

export interface TestRun {
  outcome(test: TestName): TestOutcome;
  /** Files that could not be loaded. */
  unloaded: string[];
  /** Why nothing is known about any test: the runner exited by itself and left no report. */
  broken: string | undefined;
  /** What failed besides the tests: an unhandled error, or a run that did not end in time. */
  beside: string | undefined;
}

interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

export interface TestRunOptions {
  /** After this the run is stopped. */
  limitMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * The longest time for one test, so that a break that makes it wait forever does not cost the minutes that the suite
 * allows.
 */
const testTimeoutMs = 10_000;

/** Runs only these tests in the tree `folder`. What the tests do is a result; rejects only with the signal's reason. */
export async function runTests(folder: string, tests: readonly TestName[], options: TestRunOptions): Promise<TestRun> {
  const reportFile = join(folder, 'dist', 'tests.json');
  await rm(reportFile, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const pattern = [...new Set(tests.map(({ test }) => namePattern(test)))].join('|');
  const ended = await vitest(
    folder,
    [
      ...files,
      '--testNamePattern',
      pattern,
      '--reporter=json',
      `--outputFile=${reportFile}`,
      `--testTimeout=${testTimeoutMs}`,
    ],
    options,
  );
  const report = await readReport(reportFile);
  const results = new Map(
    (report?.testResults ?? []).map((one) => [relative(folder, one.name).split(sep).join('/'), one]),
  );
  const unloaded = files.filter((file) => {
    const result = results.get(file);
    return result?.status === 'failed' && result.assertionResults.length === 0;
  });
  const failedTests = [...results.values()].some(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'failed'),
  );
  return {
    outcome({ file, test }) {
      const wanted = new RegExp(namePattern(test));
      const all = results.get(file);
      const own = all?.assertionResults.filter(({ fullName }) => wanted.test(fullName)) ?? [];
      const failed = own.find(({ status }) => status === 'failed');
      if (failed) return { status: 'failed', why: firstLine(failed.failureMessages?.[0] ?? 'failed') };
      if (own.some(({ status }) => status === 'passed')) return { status: 'passed', why: '' };
      // The set-up of the file's tests failed, so they are skipped.
      if (own.length > 0 && all?.status === 'failed')
        return { status: 'failed', why: firstLine(all.message ?? 'its file failed') };
      return { status: 'not-run', why: 'it did not run' };
    },
    unloaded,
    broken: report === undefined && ended.late === undefined ? (ended.failed ?? 'vitest wrote no report') : undefined,
    beside: ended.late ?? (report === undefined || failedTests || unloaded.length > 0 ? undefined : ended.failed),
  };
}

interface Ended {
  late?: string;
  /** Why the exit code was not 0. */
  failed?: string;
}

async function vitest(folder: string, args: string[], { limitMs, signal }: TestRunOptions): Promise<Ended> {
  signal?.throwIfAborted();
  const outer = Object.fromEntries(
    Object.keys(process.env).flatMap((key) => (/^VITEST/.test(key) ? [[key, undefined]] : [])),
  );
  const child = execa(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--color=false', ...args], {
    cwd: folder,
    env: outer,
    // A break may leave a worker in an endless loop, so the whole group is killed.
    detached: process.platform !== 'win32',
    reject: false,
    stdin: 'ignore',
    all: true,
  });
  let late = false;
  const end = () => endGroup(child);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, limitMs);
  signal?.addEventListener('abort', end);
  const { exitCode, all } = await child;
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  if (late) return { late: `the tests did not end within ${limitMs} ms` };
  return exitCode === 0 ? {} : { failed: `vitest ended with code ${exitCode}: ${firstLine(unhandled(all))}` };
}

/** undefined if there is none. */
async function readReport(file: string): Promise<Report | undefined> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Report,
    () => undefined,
  );
}

const unhandled = (output: string): string =>
  /Unhandled[\s\S]*?\n((?:\w*Error|Caused)[\s\S]*)/.exec(output)?.[1] ?? output;

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 200) ?? '';
