import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { failedList, failure } from '../../harness/commands/failed-list.ts';
import type { Output } from '../../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../../harness/commands/read-arguments.mjs';
import { exitCodes } from '../../harness/judging/exit-codes.ts';
import { expectedGot } from '../../native/expected-got.mjs';
import { bootstrap, type Need } from '../bootstrap/bootstrap.mjs';
import { BootstrapError } from '../bootstrap/bootstrap-error.mjs';
import { coverageStage } from './coverage/coverage-stage.ts';
import { measuredStages } from './coverage/measured.ts';
import { runStages, type Stage, type StageOutcome } from './run-stages.ts';
import { stageLine } from './stage-line.ts';
import { stages } from './stages.ts';

/**
 * `npm test`: set-up, the stages, a summary whose last line is `N passed, N failed`.
 * @returns the exit code
 */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const chosen = chooseStages(values['only'] as string | undefined);
  const root = dirname(dirname(import.meta.dirname));
  const outFolder = join(root, 'out', 'test');
  mkdirSync(outFolder, { recursive: true });
  const lacking = await setUp(root, chosen, output);

  const interrupt = new AbortController();
  const onSignal = (name: string) => interrupt.abort(new Error(`interrupted by ${name}`));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    const outcomes = await runStages(chosen, {
      root,
      outFolder,
      lacking,
      coverage: chosen.includes(coverageStage),
      // Most stages wait for programs, or compute on one processor: one alone leaves half of two processors idle.
      atOnce: Math.min(2, availableParallelism()),
      signal: interrupt.signal,
      note: output.note,
      onStart: (stage) => output.out(`▸ ${stage.name} …`),
      onEnd: (outcome) => output.out(...describeOutcome(outcome)),
    });
    return summarise(outcomes, output);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    output.note(expectedGot('running the tests', 'a run to its end', interrupt.signal.reason.message));
    return 1;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

/**
 * @param only names, separated by commas; all stages without it
 * @returns the stages in their order
 * @throws UsageError when there is no such stage
 */
export function chooseStages(only: string | undefined): Stage[] {
  const known = stages.map((stage) => stage.name);
  const names = only === undefined ? known : only.split(',').map((name) => name.trim());
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UsageError(
      expectedGot('choosing the stages of npm test', `names among ${known.join(', ')}`, `"${stranger}"`),
    );
  const lacks = names.includes(coverageStage.name) ? measuredStages.filter((name) => !names.includes(name)) : [];
  if (lacks.length > 0)
    throw new UsageError(
      expectedGot(
        'choosing the stages of npm test',
        `${measuredStages.join(', ')} with coverage, which measures them`,
        names.join(', '),
      ),
    );
  return stages.filter((stage) => names.includes(stage.name));
}

async function setUp(root: string, chosen: readonly Stage[], { note }: Output): Promise<Map<Need, string>> {
  const lacking = new Map<Need, string>();
  for (const need of ['python', 'engine'] as const) {
    if (!chosen.some((stage) => stage.needs.includes(need))) continue;
    try {
      await bootstrap({ root, needs: [need], log: note });
    } catch (error) {
      if (!(error instanceof BootstrapError) || error.interrupted) throw error;
      note(error.message);
      lacking.set(need, error.message);
    }
  }
  return lacking;
}

function describeOutcome(outcome: StageOutcome): string[] {
  const line = stageLine(outcome);
  return outcome.failed === 0 && outcome.name !== coverageStage.name
    ? [line]
    : [...outcome.details.split('\n').map((detail) => `    ${detail}`), line];
}

/** Exported for its test. */
export function summarise(outcomes: readonly StageOutcome[], { out }: Pick<Output, 'out'>): number {
  const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failing = outcomes.filter((outcome) => outcome.failed > 0);
  const named = failing.flatMap(failuresOf);
  out('');
  if (failing.length > 0) out('Full output: out/test/STAGE.log');
  out(...failedList(named, Math.max(0, sum('failed') - named.length)));
  out(`${sum('passed')} passed, ${sum('failed')} failed`);
  return exitCodes.tests({ failed: failing.length });
}

/** Each named after its stage. */
function failuresOf({ name, failures = [], details }: StageOutcome): string[] {
  return failures.length === 0 ? [failure(name, details)] : failures.map((one) => `${name} ${one}`);
}
