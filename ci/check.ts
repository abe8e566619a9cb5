import { failedList, failure, readFailedList } from '../harness/commands/failed-list.ts';
import type { Output } from '../harness/commands/output.mjs';
import { clock } from '../harness/commands/progress.ts';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { exitCodes } from '../harness/judging/exit-codes.ts';
import { holds } from '../harness/judging/holds.ts';
import { expectedGot } from '../native/expected-got.mjs';
import { readStageLine, type StageCounts } from '../scripts/test/stage-line.ts';
import { type NpmRun, NpmRuns } from './npm.ts';

/** What a part of the check came to. */
interface Part extends StageCounts {
  /** Of `npm test`. */
  stages: StageCounts[];
  failures: string[];
}

/**
 * `npm run check`: everything that CI runs. Ends with a table of its parts, what failed, and the sum of what passed and failed: who has only the end of its
 * output knows which test it was.
 */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  using npm = new NpmRuns();
  const parts: Part[] = [];
  for (const [name, args] of commands(values['only'], values['sample'], values['seed'])) {
    if (npm.stopped) break;
    parts.push(partOf(name, await npm.run(args, output.relay), output));
  }
  if (npm.stopped)
    parts.push({ name: 'stopped', passed: 0, failed: 1, durationMs: 0, stages: [], failures: ['by a signal'] });
  const sum = (key: 'passed' | 'failed' | 'durationMs') => parts.reduce((total, part) => total + part[key], 0);
  const [passed, failed] = [sum('passed'), sum('failed')];
  const failures = parts.flatMap((part) => part.failures.map((one) => `${part.name} ${one}`));
  output.out(
    '',
    ...table([...parts, { name: 'all', passed, failed, durationMs: sum('durationMs'), stages: [] }]),
    '',
    ...failedList(failures, Math.max(0, failed - failures.length)),
    `${passed} passed, ${failed} failed`,
  );
  return exitCodes.check({ failed });
}

function partOf(name: string, run: NpmRun, output: Output): Part {
  const { passed, failed, problem } = countsOf(run);
  const { failures } = readFailedList(run.lines);
  if (problem !== undefined) {
    const said = run.said === '' ? '' : ` It said: ${run.said}`;
    output.note(`npm run check: ${name}: ${problem} Counted as one failed.`);
    failures.splice(0, Number.POSITIVE_INFINITY, failure(problem + said, ''));
  }
  const stages = run.lines.flatMap((line) => readStageLine(line) ?? []);
  const { durationMs } = run;
  return { name, passed, failed, durationMs, stages, failures };
}

/** A line for each part, and below it one for each of its stages. */
function table(parts: readonly (StageCounts & { stages: readonly StageCounts[] })[]): string[] {
  const line = (name: string, passed: unknown, failed: unknown, time: string) =>
    [name.padEnd(16), String(passed).padStart(7), String(failed).padStart(7), time.padStart(7)].join('');
  const row = (indent: string, { name, passed, failed, durationMs }: StageCounts) =>
    line(indent + name, passed, failed, clock(durationMs));
  return [
    line('stage', 'passed', 'failed', 'time'),
    ...parts.flatMap((part) => [row('', part), ...part.stages.map((stage) => row('  ', stage))]),
  ];
}

/** `sample` and `seed`: which of the behaviours are broken to see their tests fail. @throws UsageError for an unknown stage */
function commands(only: unknown, sample: unknown, seed: unknown): [name: string, args: string[]][] {
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
    // Samples; the weekly job plays more.
    interleave: [...run, 'parity', '--', 'interleave', '--count', '6', '--seconds', '30'],
    sweep: [...run, 'parity', '--', 'sweep', '--count', '150', '--seconds', '40'],
    fuzz: [...run, 'parity', '--', 'fuzz', '--runs', '200'],
    hosts: [...run, 'hosts'],
  };
  if (typeof only !== 'string') return Object.entries(stages);
  const names = only.split(',');
  const stranger = names.find((name) => !Object.hasOwn(stages, name));
  if (stranger !== undefined)
    throw new UsageError(expectedGot('choosing the stages of npm run check', Object.keys(stages).join(', '), stranger));
  return Object.entries(stages).filter(([name]) => names.includes(name));
}

/** Reads the counts off the last line. What prints none, or fails without saying so, has failed once. */
export function countsOf({ code, last }: Pick<NpmRun, 'code' | 'last'>): {
  passed: number;
  failed: number;
  problem?: string;
} {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(last) ?? [];
  const isCounted = holds('part-counted', passed !== undefined && (code === 0 || Number(failed) > 0));
  if (isCounted && !holds('part-ran-nothing', Number(passed) + Number(failed) === 0))
    return { passed: Number(passed), failed: Number(failed) };
  const got = isCounted ? 'a part that ran nothing' : `exit code ${code} and the last line "${last}"`;
  return {
    passed: Number(passed ?? 0),
    failed: 1,
    problem: expectedGot('reading the counts', '"N passed, N failed" as the last line', got),
  };
}
