import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { expectedGot } from '../../native/expected-got.mjs';
import { bootstrap, type Need } from '../bootstrap/bootstrap.mjs';
import { BootstrapError } from '../bootstrap/bootstrap-error.mjs';
import { runStages, type StageOutcome } from './run-stages.ts';
import type { Stage } from './stage.ts';
import { stages } from './stages.ts';

/**
 * `npm test`: set-up, the stages, a summary whose last line is `N passed, N failed`.
 * @returns the exit code
 */
export async function main(argv: string[]): Promise<number> {
  const chosen = chooseStages(argv);
  if (typeof chosen === 'string') {
    process.stderr.write(`${chosen}\n`);
    return 1;
  }
  const root = dirname(dirname(import.meta.dirname));
  const outFolder = join(root, 'out', 'test');
  mkdirSync(outFolder, { recursive: true });
  const lacking = await setUp(root, chosen);

  const interrupt = new AbortController();
  const onSignal = (name: string) => interrupt.abort(new Error(`interrupted by ${name}`));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    const outcomes = await runStages(chosen, {
      root,
      outFolder,
      lacking,
      signal: interrupt.signal,
      onStart: (stage) => process.stdout.write(`▸ ${stage.name} …\n`),
      onEnd: (outcome) => process.stdout.write(describeOutcome(outcome)),
    });
    return summarise(outcomes);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write(`${expectedGot('running the tests', 'a run to its end', interrupt.signal.reason.message)}\n`);
    return 1;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

/** @returns the stages in their order, or what is wrong with the arguments */
export function chooseStages(argv: string[]): Stage[] | string {
  const known = stages.map((stage) => stage.name);
  let only: string[];
  try {
    const { values } = parseArgs({ args: argv, options: { only: { type: 'string', multiple: true } } });
    only = (values.only ?? known).flatMap((list) => list.split(','));
  } catch (error) {
    return `Reading the arguments of npm test: ${(error as Error).message}; see npm test -- --help.`;
  }
  const stranger = only.find((name) => !known.includes(name));
  if (stranger !== undefined)
    return expectedGot('choosing the stages of npm test', `names among ${known.join(', ')}`, `"${stranger}"`);
  return stages.filter((stage) => only.includes(stage.name));
}

async function setUp(root: string, chosen: readonly Stage[]): Promise<Map<Need, string>> {
  const lacking = new Map<Need, string>();
  for (const need of ['python', 'engine'] as const) {
    if (!chosen.some((stage) => stage.needs.includes(need))) continue;
    try {
      await bootstrap({ root, needs: [need] });
    } catch (error) {
      if (!(error instanceof BootstrapError) || error.interrupted) throw error;
      process.stderr.write(`${error.message}\n`);
      lacking.set(need, error.message);
    }
  }
  return lacking;
}

function describeOutcome(outcome: StageOutcome): string {
  const mark = outcome.failed === 0 ? '✔' : '✘';
  const skipped = outcome.skipped ? `, ${outcome.skipped} skipped` : '';
  const line = `${mark} ${outcome.name}: ${outcome.passed} passed, ${outcome.failed} failed${skipped} (${(outcome.durationMs / 1000).toFixed(1)} s)\n`;
  return outcome.failed === 0 ? line : `${indent(outcome.details)}${line}`;
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');

function summarise(outcomes: readonly StageOutcome[]): number {
  const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failing = outcomes.filter((outcome) => outcome.failed > 0).map((outcome) => outcome.name);
  process.stdout.write('\n');
  if (failing.length > 0) process.stdout.write(`Failed: ${failing.join(', ')}. Full output: out/test/STAGE.log\n`);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return failing.length === 0 ? 0 : 1;
}
