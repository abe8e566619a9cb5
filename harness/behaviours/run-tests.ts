import { readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { execa } from 'execa';
import { endGroup } from './end-group.ts';
import { namePattern } from './test-name.ts';

/** A test, by its file in the copy and its name. */
export interface TestName {
  file: string;
  test: string;
}

export interface TestRun {
  /** How one of the tests that were asked for ended: undefined: it passed; else why not, the first line of the failure. */
  outcome(test: TestName): string | undefined;
  /** Files that could not be loaded. */
  unloaded: string[];
  /** What failed beside the tests: an unhandled error, or a run that did not end in time. */
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
  /** After this the run is ended. */
  limitMs: number;
  signal?: AbortSignal | undefined;
}

/** Longest time for one test: a break that makes it wait for ever must not cost the minutes that the suite allows. */
const testTimeoutMs = 10_000;

/** Runs these tests, and no others, in the tree `folder`. What the tests do is a result; rejects only with the signal's reason. */
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
  const results = new Map(report.testResults.map((one) => [relative(folder, one.name).split(sep).join('/'), one]));
  const unloaded = files.filter((file) => {
    const result = results.get(file);
    return result?.status === 'failed' && result.assertionResults.length === 0;
  });
  const failedTests = report.testResults.some(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'failed'),
  );
  return {
    outcome({ file, test }) {
      const wanted = new RegExp(namePattern(test));
      const own = results.get(file)?.assertionResults.filter(({ fullName }) => wanted.test(fullName)) ?? [];
      const failed = own.find(({ status }) => status === 'failed');
      if (failed) return firstLine(failed.failureMessages?.[0] ?? 'failed');
      return own.some(({ status }) => status === 'passed') ? undefined : 'it did not run';
    },
    unloaded,
    beside: ended.late ?? (failedTests || unloaded.length > 0 ? undefined : ended.failed),
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
    // A break may leave a worker in an endless loop: the whole group is ended then.
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

async function readReport(file: string): Promise<Report> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Report,
    () => ({ testResults: [] }),
  );
}

const unhandled = (output: string): string =>
  /Unhandled[\s\S]*?\n((?:\w*Error|Caused)[\s\S]*)/.exec(output)?.[1] ?? output;

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 200) ?? '';
