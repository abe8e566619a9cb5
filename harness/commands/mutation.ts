import { availableParallelism } from 'node:os';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { percent } from '../../testing/text.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { briefResults, briefSelection } from '../proofs/mutation/brief-results.ts';
import { equivalence, readEquivalents, refuted } from '../proofs/mutation/equivalents.ts';
import { mutatorSets } from '../proofs/mutation/instrument.ts';
import { readParts } from '../proofs/mutation/results-file.ts';
import { isNoticed, renderScore, renderShares, renderSurvivors, scoreOf } from '../proofs/mutation/score.ts';
import { judges, wholeProblem } from '../proofs/mutation/selection.ts';
import type { MutantResult } from '../proofs/mutation/try-mutant.ts';
import { defaultFolders } from '../run/folders.ts';
import { list, parseCount, parseShardArgument, selectionArgs } from './arguments.ts';
import { jobsOf, type Terminal } from './context.ts';
import { UsageError } from './read-arguments.mjs';
import { runMutants, type Wanted } from './run-mutants.ts';

/** Twice the processors, since a worker sleeps while a mutant hangs; more than four wait for the one that judges. */
const mostJobs = Math.min(4, 2 * availableParallelism());

/** Mutants of a sample. */
const defaultCount = 400;
/** Fixed, so that two runs of one commit try the same mutants. */
const defaultSeed = 1;

interface MutationArgs {
  scenario?: string | undefined;
  family?: string | undefined;
  mutators?: string | undefined;
  of?: string | undefined;
  by?: string | undefined;
  resume?: boolean | undefined;
  seed?: string | undefined;
  count?: string | undefined;
  file?: string | undefined;
  shard?: string | undefined;
  jobs?: string | undefined;
  min?: string | undefined;
  json?: string | undefined;
  from?: string | undefined;
  brief?: string | undefined;
  again?: string | undefined;
  survivors?: boolean | undefined;
  alone?: boolean | undefined;
}

/** `mutation`: what share of small changes to our SDK the goldens notice, on their own. */
export const mutationCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'mutation',
      description: 'Change the SDK in small ways and count what the goldens, without any other test, notice',
    },
    args: {
      scenario: selectionArgs.scenario,
      family: selectionArgs.family,
      mutators: {
        type: 'string',
        description: 'Who makes the mutants: stryker, or own for the mistakes that people make (default: stryker)',
        valueHint: 'NAME',
      },
      of: {
        type: 'string',
        description: 'What is changed: sdk, or harness, which its tests judge (default: sdk)',
        valueHint: 'PART',
      },
      by: {
        type: 'string',
        description:
          'Who may notice: goldens; tests, unit and process; or both: tests try what goldens did not notice (default: goldens)',
        valueHint: 'WHO',
      },
      seed: { type: 'string', description: `Which sample of the mutants (default: ${defaultSeed})`, valueHint: 'N' },
      count: { type: 'string', description: `How many mutants (default: ${defaultCount})`, valueHint: 'N' },
      file: {
        type: 'string',
        description: 'Only mutants of files whose path starts with this, comma-separated',
        valueHint: 'PATH',
      },
      shard: { type: 'string', description: 'The Ith of N parts of the sample', valueHint: 'I/N' },
      jobs: {
        type: 'string',
        description: 'Mutants to try at once (default: twice the number of processors, at most 4)',
        valueHint: 'N',
      },
      min: {
        type: 'string',
        description: 'Fail if the lower end of the interval is below this percentage',
        valueHint: 'PERCENT',
      },
      json: {
        type: 'string',
        description: 'Write the results to this file, one JSON line each (default: out/mutation/results.jsonl)',
        valueHint: 'FILE',
      },
      from: {
        type: 'string',
        description: 'Run nothing and judge these results files, comma-separated',
        valueHint: 'FILE',
      },
      brief: {
        type: 'string',
        description: 'Also write the results of --from to this file, in a short form to be committed',
        valueHint: 'FILE',
      },
      again: {
        type: 'string',
        description: 'Try the survivors of this results file again, and keep its other results',
        valueHint: 'FILE',
      },
      resume: { type: 'boolean', description: 'Continue an interrupted run of the same selection and sources' },
      alone: {
        type: 'boolean',
        description: 'Also find mutants that only one scenario file notices, for coverage --marginal',
      },
      survivors: { type: 'boolean', description: 'List every mutant that nothing noticed' },
    },
    run: async ({ args }) => done(await mutation(args, terminal)),
  });

export async function mutation(args: MutationArgs, terminal: Terminal): Promise<number> {
  const least = parseShare(args.min);
  const { repository } = defaultFolders();
  const listed = await readEquivalents(repository);
  const isEquivalent = equivalence(repository, listed);
  const from = list(args.from);
  if (args.brief !== undefined && from.length === 0)
    throw new UsageError(expectedGot('reading --brief', '--from with the results', 'none'));
  const parts = from.length > 0 ? await readParts(from) : [];
  const results = from.length > 0 ? parts.flatMap((part) => part.results) : await start(args, terminal);
  const problem = from.length > 0 ? wholeProblem(parts) : undefined;
  if (args.brief !== undefined && parts.length > 0) {
    await writeWhole(args.brief, briefResults(briefSelection(parts), results));
  }
  if (args.survivors === true) terminal.out(...renderSurvivors(results, isEquivalent));
  const wrong = refuted(repository, listed, results.filter(isNoticed));
  for (const { entry, by } of wrong) {
    terminal.out(
      `${terminal.paint.red('refuted')}  ${entry.file}: ${entry.line}: listed as equivalent, but ${by.killer} notices it`,
    );
  }
  const score = scoreOf(results, isEquivalent);
  const enough = least === undefined || score.low >= least;
  // Shares of kinds say where to look; of Stryker's, each kind is everywhere.
  if ((parts[0]?.selection?.mutators ?? args.mutators) === 'own') {
    const folder = ({ file }: MutantResult) => file.split('/').slice(0, 2).join('/');
    terminal.out(...renderShares(results, isEquivalent, folder), '');
    terminal.out(...renderShares(results, isEquivalent, ({ mutator }) => mutator), '');
  }
  terminal.out(...renderScore(score));
  if (!enough)
    terminal.out(terminal.paint.red(`the lower end is ${percent(score.low)}, at least ${percent(least)} is expected`));
  if (problem !== undefined) terminal.out(terminal.paint.red(`not a whole sample, and so no score: ${problem}`));
  return exitCodes.mutation({
    tooLow: !enough,
    notWhole: problem !== undefined,
    refuted: wrong.length,
    tried: results.length,
  });
}

function start(args: MutationArgs, terminal: Terminal): Promise<MutantResult[]> {
  // Whatever can be refused is refused before the baseline, which takes minutes.
  const selection = selectionOf(args);
  const jobs = args.jobs === undefined ? mostJobs : jobsOf({ jobs: args.jobs });
  const { json, again, resume, alone } = args;
  return runMutants(selection, { jobs, json, again, resume, alone }, terminal);
}

function selectionOf(args: MutationArgs): Wanted {
  const of = args.of === undefined ? undefined : parseWord('of', args.of, ['sdk', 'harness'] as const);
  const by = args.by === undefined ? undefined : parseWord('by', args.by, judges);
  return {
    kind: 'selection',
    schemaVersion: 1,
    ...(args.mutators !== undefined && { mutators: parseWord('mutators', args.mutators, mutatorSets) }),
    ...(of !== undefined && { of }),
    // No golden shows the harness.
    ...(of === 'harness' ? { by: 'tests' } : by && { by }),
    files: list(args.file),
    scenario: args.scenario ?? null,
    family: args.family ?? null,
    seed: parseCount('seed', args.seed, defaultSeed),
    count: parseCount('count', args.count, defaultCount),
    shard: args.shard === undefined ? null : parseShardArgument(args.shard),
  };
}

/** @throws UsageError for a word that is none of these */
function parseWord<T extends string>(name: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageError(expectedGot(`reading --${name}`, words.join(', '), JSON.stringify(value)));
}

function parseShare(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const percentage = Number(value);
  if (percentage > 0 && percentage <= 100) return percentage / 100;
  throw new UsageError(expectedGot('reading --min', 'a percentage above 0 and up to 100', JSON.stringify(value)));
}
