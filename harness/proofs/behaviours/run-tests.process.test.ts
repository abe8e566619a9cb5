import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTests } from './run-tests.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-tests-'));
  await mkdir(join(folder, 'node_modules/vitest'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const proof = { file: 'sdk/a.test.ts', test: 'adds' };
/** Runs with a test runner that is this program. */
async function runBy(program: string, limitMs = 20_000) {
  await writeFile(join(folder, 'node_modules/vitest/vitest.mjs'), program);
  return runTests(folder, [proof], { limitMs });
}
const reporting = (result: object) => `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist', { recursive: true });
writeFileSync('dist/tests.json', ${JSON.stringify(JSON.stringify({ testResults: [result] }))}.replaceAll('FOLDER', process.cwd()));
process.exitCode = 1;`;

test('a runner that leaves no report says nothing of any test', async () => {
  const run = await runBy("console.error('out of memory'); process.exitCode = 3;");
  expect(run).toMatchObject({ broken: 'vitest ended with code 3: out of memory', beside: undefined });
  expect(run.outcome(proof)).toEqual({ status: 'not-run', why: 'it did not run' });
});

test('one that does not end in time is what the tests do', async () => {
  const run = await runBy('setInterval(() => {}, 1000);', 300);
  expect(run).toMatchObject({ broken: undefined, beside: 'the tests did not end within 300 ms' });
});

test('a test that is skipped as its preparation failed has failed; one that is not there has not', async () => {
  const file = (fullName: string) => ({
    name: 'FOLDER/sdk/a.test.ts',
    status: 'failed',
    message: 'Error: no server',
    assertionResults: [{ fullName, status: 'skipped' }],
  });
  const prepared = await runBy(reporting(file('adds')));
  expect(prepared.outcome(proof)).toEqual({ status: 'failed', why: 'Error: no server' });
  const other = await runBy(reporting(file('subtracts')));
  expect(other.outcome(proof).status).toBe('not-run');
});
