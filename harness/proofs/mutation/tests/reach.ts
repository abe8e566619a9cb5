import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runAll } from '../../../run/run-all.ts';
import type { MutantTree } from './mutant-tree.ts';
import type { TestFile } from './test-process.ts';

/** What a test file reaches without a mutant. */
export interface TestReach extends TestFile {
  durationMs: number;
  /** Ids of mutants; empty for a file that fails here, and so proves nothing. */
  reached: readonly string[];
  /** Why it is left out. */
  fails?: string;
  /** A digest of the test's text. */
  text?: string;
}

/** Far beyond what a file takes, also on a busy machine. */
const limits = { testMs: 60_000, allMs: 180_000 };

/**
 * Runs every test file once, each on its own. What was found is kept in `cache`, which is for the same sources, and is
 * right as long as the test's text is the same: an interrupted run continues, and a new test is the only one to run.
 */
export async function measureReach(
  trees: readonly MutantTree[],
  files: readonly (TestFile & { text: string })[],
  cache: string,
  signal: AbortSignal,
  onStage: (text: string) => void,
): Promise<TestReach[]> {
  await mkdir(path.dirname(cache), { recursive: true });
  const rows = (await readFile(cache, 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const kept = rows.map((row) => JSON.parse(row) as TestReach).filter(({ file, text }) => texts.get(file) === text);
  const found = new Map(kept.map((one) => [one.file, one]));
  const idle = [...trees];
  const missing = files.filter(({ file }) => !found.has(file));
  let ended = 0;
  await runAll(
    missing,
    trees.length,
    async (test) => {
      const tree = idle.pop() as MutantTree;
      try {
        const one = { ...(await reachOf(tree, test)), text: test.text };
        found.set(test.file, one);
        await appendFile(cache, `${JSON.stringify(one)}\n`);
      } finally {
        idle.push(tree);
      }
      ended += 1;
      if (ended % 20 === 0) onStage(`${ended} of ${missing.length} test files without a mutant`);
    },
    signal,
  );
  signal.throwIfAborted();
  return files.flatMap(({ file }) => found.get(file) ?? []);
}

async function reachOf({ folder, tests }: MutantTree, { file, kind }: TestFile): Promise<TestReach> {
  const reached = path.join(folder, 'dist', 'reached.txt');
  await rm(reached, { force: true });
  const { durationMs, passed, failed, late, broken } = await tests.run([file], { reached }, limits);
  const text = await readFile(reached, 'utf8').catch(() => '');
  if (passed === 1) return { file, kind, durationMs, reached: [...new Set(text.split('\n').filter(Boolean))] };
  const fails = late ? 'it did not end' : (broken ?? (failed ? `${failed.test}: ${failed.why}` : 'no test ran'));
  return { file, kind, durationMs, reached: [], fails };
}
