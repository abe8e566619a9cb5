import type { MutantResult } from '../try-mutant.ts';
import type { Mutant } from '../types.ts';
import { withinMs } from '../within-ms.ts';
import type { TestReach } from './reach.ts';
import type { RunLimits, TestProcess, TestsDone } from './test-process.ts';

/** So many files may notice a mutant, the likeliest first. One that only another could notice counts as a survivor. */
const most = { unit: 40, process: 8 } as const;
/** What they take together without a mutant. */
const mostMs = 30_000;

/** The likeliest of a kind that are tried: one at least. */
const likeliest = (candidates: readonly TestReach[], kind: 'unit' | 'process'): TestReach[] =>
  withinMs(candidates.filter((one) => one.kind === kind).slice(0, most[kind]), mostMs);

/** With a mutant, many tests wait for what never comes; but a busy machine takes longer than it did the first time. */
function limitsOf(files: readonly TestReach[], factor = 1): RunLimits {
  const durations = files.map(({ durationMs }) => durationMs);
  const all = durations.reduce((sum, ms) => sum + ms, 0);
  return { testMs: factor * (10_000 + 2 * Math.max(0, ...durations)), allMs: factor * (30_000 + 4 * all) };
}

/** So many test files must load a module before they can tell what loading it reaches. */
const fewestLoaders = 3;

/** Mutants that are reached while their module is loaded, by the ids of each file: whatever reaches any of the file reaches them. */
export function reachedAtLoading(reach: readonly TestReach[], inFile: Iterable<readonly string[]>): Set<string> {
  const sets = reach.map(({ reached }) => new Set(reached));
  const found = new Set<string>();
  for (const ids of inFile) {
    const loaders = sets.filter((has) => ids.some((id) => has.has(id)));
    if (loaders.length < fewestLoaders) continue;
    for (const id of ids) if (loaders.every((has) => has.has(id))) found.add(id);
  }
  return found;
}

/**
 * The test files that may notice a mutant, the likeliest for their cost first: a file that reaches much of the mutant's
 * file is about what that file does. What is reached while a module is loaded is also what files are about that reach little else, as those
 * about exports and classes are.
 * @param atLoading as `reachedAtLoading` finds them
 */
export function testsFor(
  mutant: Mutant,
  reach: readonly TestReach[],
  siblings: readonly string[],
  atLoading: ReadonlySet<string> = new Set(),
): TestReach[] {
  const sets = reach.map((one) => ({ one, has: new Set(one.reached) }));
  const own = mutant.file.replace(/\.ts$/, '');
  return sets
    .filter(({ has }) => has.has(mutant.id))
    .map(({ one, has }) => {
      const share = siblings.filter((id) => has.has(id)).length / siblings.length;
      const near = one.file.startsWith(`${own}.`) ? 4 : 1;
      // A file that reaches everything is about nothing in particular.
      const narrow = siblings.length / (siblings.length + has.size);
      const about = (0.05 + share) ** 2 * (0.1 + narrow);
      const loading = atLoading.has(mutant.id) ? one.reached.filter((id) => atLoading.has(id)).length / has.size : 0;
      return { one, cost: one.durationMs / (Math.max(about, 0.1 * loading ** 2) * near) };
    })
    .sort((a, b) => a.cost - b.cost)
    .map(({ one }) => one);
}

/** What tests add to the result of a mutant that no golden noticed. */
export type TestVerdict = Pick<MutantResult, 'status' | 'tests'> &
  Partial<Pick<MutantResult, 'killer' | 'because' | 'by' | 'failures'>>;

/** Runs the tests that can notice a mutant until one does, and that one again: a test may fail on a busy machine too. */
export async function tryTests(
  mutant: Mutant,
  candidates: readonly TestReach[],
  process: Pick<TestProcess, 'run'>,
): Promise<TestVerdict> {
  const failures: string[] = [];
  for (const kind of ['unit', 'process'] as const) {
    let files = likeliest(candidates, kind);
    while (files.length > 0) {
      const done = await process.run(names(files), { mutant: mutant.id }, limitsOf(files));
      if (done.passed !== undefined) break;
      const suspects = done.failed?.file ? files.filter(({ file }) => file === done.failed?.file) : files;
      const again = await process.run(names(suspects), { mutant: mutant.id }, limitsOf(suspects, 2));
      if (again.failed || again.late) return noticed(again, candidates.length);
      if (again.broken !== undefined) failures.push(`${names(suspects).join(', ')}: ${again.broken}`);
      // What failed once only has shown nothing; those after it did not run.
      if (suspects.length === files.length) break;
      files = files.slice(files.findIndex(({ file }) => file === done.failed?.file) + 1);
    }
  }
  const status = candidates.length === 0 ? 'not-covered' : 'survived';
  return { status, tests: candidates.length, ...(failures.length > 0 && { failures }) };
}

const names = (files: readonly TestReach[]) => files.map(({ file }) => file);

function noticed({ failed, late }: TestsDone, tests: number): TestVerdict {
  const because = late ? 'the tests did not end' : (failed?.why ?? '');
  const killer = [failed?.file, failed?.test].filter(Boolean).join(' > ');
  return { status: late ? 'endless' : 'killed', by: 'tests', tests, killer: killer || 'a run of tests', because };
}
