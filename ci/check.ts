import type { Output } from '../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { type NpmRun, NpmRuns } from './npm.ts';

/** `npm run check`: everything that CI runs, and the sum of what passed and failed. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  using npm = new NpmRuns();
  const total = { passed: 0, failed: 0 };
  for (const args of commands(values['only'], values['sample'], values['seed'])) {
    if (npm.stopped) break;
    const { passed, failed, problem } = countsOf(await npm.run(args, output.relay));
    if (problem !== undefined) output.note(`npm ${args.join(' ')}: ${problem} Counted as one failed.`);
    total.passed += passed;
    total.failed += failed;
  }
  if (npm.stopped) total.failed += 1;
  output.out(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** `sample` and `seed`: which of the behaviours are broken to see their tests fail. @throws UsageError for an unknown stage */
function commands(only: unknown, sample: unknown, seed: unknown): string[][] {
  const run = ['run', '--silent'];
  const chosen = Object.entries({ sample, seed }).flatMap(([name, value]) =>
    typeof value === 'string' ? [`--${name}`, value] : [],
  );
  const stages: Readonly<Record<string, string[]>> = {
    test: ['test', '--silent'],
    // Behind the set-up of the tests; reads all of the engine.
    doctor: [...run, 'parity', '--', 'doctor'],
    parity: [...run, 'parity'],
    // Behind the run: whether its matches suffice is one of the goals.
    coverage: [...run, 'parity', '--', 'coverage', '--check'],
    behaviours: [...run, 'parity', '--', 'behaviours', ...chosen],
    hosts: [...run, 'hosts'],
  };
  if (typeof only !== 'string') return Object.values(stages);
  const names = only.split(',');
  const stranger = names.find((name) => !Object.hasOwn(stages, name));
  if (stranger !== undefined)
    throw new UsageError(expectedGot('choosing the stages of npm run check', Object.keys(stages).join(', '), stranger));
  return Object.entries(stages).flatMap(([name, args]) => (names.includes(name) ? [args] : []));
}

/** Reads the counts off the last line. What prints none, or fails without saying so, has failed once. */
export function countsOf({ code, last }: NpmRun): { passed: number; failed: number; problem?: string } {
  const found = /^(\d+) passed, (\d+) failed$/.exec(last);
  if (found === null) {
    const got = `exit code ${code} and the last line "${last}"`;
    return {
      passed: 0,
      failed: 1,
      problem: expectedGot('reading the counts', '"N passed, N failed" as the last line', got),
    };
  }
  const failed = Number(found[2]);
  return { passed: Number(found[1]), failed: code !== 0 && failed === 0 ? 1 : failed };
}
