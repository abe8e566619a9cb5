import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { percent } from '../../testing/text.ts';
import { clientsWhere } from '../clients/clients.ts';
import { equivalence, readEquivalents, refuted } from '../proofs/mutation/equivalents.ts';
import { type MutatorSet, mutatorSets } from '../proofs/mutation/instrument.ts';
import { measure } from '../proofs/mutation/measure.ts';
import { ResultsWriter, readParts } from '../proofs/mutation/results-file.ts';
import { isNoticed, renderScore, renderSurvivors, scoreOf } from '../proofs/mutation/score.ts';
import { chooseMutants, partsProblem, type Selection, tryAgain, wholeProblem } from '../proofs/mutation/selection.ts';
import type { MutantResult } from '../proofs/mutation/try-mutant.ts';
import type { Mutant } from '../proofs/mutation/types.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { planCells } from '../run/plan.ts';
import { readSources } from '../run/read-sources.ts';
import { list, parseCount, parseShardArgument, selectionArgs } from './arguments.ts';
import { allScenarios, jobsOf, openSession, selectScenarios, type Terminal } from './context.ts';
import { resultsFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

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
  seed?: string | undefined;
  count?: string | undefined;
  file?: string | undefined;
  shard?: string | undefined;
  jobs?: string | undefined;
  min?: string | undefined;
  json?: string | undefined;
  from?: string | undefined;
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
      again: {
        type: 'string',
        description: 'Try the survivors of this results file again, and keep its other results',
        valueHint: 'FILE',
      },
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
  const parts = from.length > 0 ? await readParts(from) : [];
  const results = from.length > 0 ? parts.flatMap((part) => part.results) : await runMutants(args, terminal);
  const problem = from.length > 0 ? wholeProblem(parts) : undefined;
  if (args.survivors === true) terminal.out(...renderSurvivors(results, isEquivalent));
  const wrong = refuted(repository, listed, results.filter(isNoticed));
  for (const { entry, by } of wrong) {
    terminal.out(
      `${terminal.paint.red('refuted')}  ${entry.file}: ${entry.line}: listed as equivalent, but ${by.killer} notices it`,
    );
  }
  const score = scoreOf(results, isEquivalent);
  const enough = least === undefined || score.low >= least;
  terminal.out(...renderScore(score));
  if (!enough)
    terminal.out(terminal.paint.red(`the lower end is ${percent(score.low)}, at least ${percent(least)} is expected`));
  if (problem !== undefined) terminal.out(terminal.paint.red(`not a whole sample, and so no score: ${problem}`));
  return enough && problem === undefined && wrong.length === 0 && results.length > 0 ? 0 : 1;
}

async function runMutants(args: MutationArgs, terminal: Terminal): Promise<MutantResult[]> {
  // Whatever can be refused is refused before the baseline, which takes minutes.
  const wanted = selectionOf(args);
  const jobs = args.jobs === undefined ? mostJobs : jobsOf({ jobs: args.jobs });
  const { session } = await openSession(true, terminal);
  const { folders, pinned } = session.options;
  const before = args.again === undefined ? undefined : await readBefore(args.again);
  const takenOver: MutantResult[] = [];
  const last = path.join(folders.repository, 'out', 'mutation', 'results.jsonl');
  const file = (await resultsFile(args.json)) ?? last;
  let writer: ResultsWriter | undefined;
  let ended = 0;
  try {
    const scenarios = selectScenarios(await allScenarios(folders), args);
    const clients = await session.hello(clientsWhere(({ maker }) => maker === 'ours'));
    const request = { scenarios, clients, targets: [{ engine: 'fake' as const, version: pinned.version }], rounds: 1 };
    const plans = planCells(request).filter(({ notApplicable }) => notApplicable === undefined);
    const { inputs } = await readSources(folders.repository);
    const {
      total,
      results: ran,
      baseline,
    } = await measure({
      repository: folders.repository,
      goldens: folders.goldens,
      mutators: wanted.mutators ?? 'stryker',
      folder: path.join(folders.cells, 'mutation'),
      plans,
      golden: (scenario) => session.golden(scenario),
      judges: { ledger: session.ledger, checker: session.checker, engineVersion: pinned.version },
      choose: async (mutants) => {
        const { noticed, toTry } =
          before === undefined ? { noticed: [], toTry: choose(mutants, wanted) } : tryAgain(mutants, before.results);
        takenOver.push(...noticed);
        const chosen = noticed.length + toTry.length;
        const selection = { ...(before?.selection ?? wanted), again: before !== undefined, chosen, inputs };
        writer = await ResultsWriter.begin(file, selection, noticed);
        return toTry;
      },
      alone: args.alone === true,
      jobs,
      signal: terminal.signal,
      onStage: (text) => terminal.note(text),
      onResult: async (result, count) => {
        const { status, file, line, mutator, durationMs } = result;
        await writer?.add(result);
        ended += 1;
        terminal.note(`[${ended}/${count}] ${file}:${line} ${mutator}  ${status}  ${durationMs} ms`);
      },
    });
    for (const { scenario, why } of baseline.leftOut)
      terminal.out(`${terminal.paint.yellow('left out')}  ${scenario}: ${why}`);
    const results = [...takenOver, ...ran];
    await writer?.end();
    writer = undefined;
    terminal.out(`${results.length} of ${total} mutants, ${baseline.subjects.length} scenarios`);
    return results;
  } finally {
    if (writer !== undefined) terminal.note(`${ended} results are in ${writer.part}`);
    await session.close();
    await removeCells(folders);
  }
}

/** @throws UsageError for a file that does not have all of what was selected: what it lacks would be missing for good */
async function readBefore(file: string): Promise<{ selection: Selection | undefined; results: MutantResult[] }> {
  const parts = await readParts([file]);
  const problem = parts.length === 1 ? partsProblem(parts) : wholeProblem(parts);
  if (problem !== undefined)
    throw new UsageError(expectedGot(`reading --again ${file}`, 'all results of a sample', problem));
  const [first] = parts;
  const selection = first?.selection && { ...first.selection, ...(parts.length > 1 && { shard: null }) };
  return { selection, results: parts.flatMap(({ results }) => results) };
}

type Wanted = Omit<Selection, 'again' | 'chosen' | 'inputs'>;

function selectionOf(args: MutationArgs): Wanted {
  return {
    kind: 'selection',
    schemaVersion: 1,
    ...(args.mutators !== undefined && { mutators: parseMutators(args.mutators) }),
    files: list(args.file),
    scenario: args.scenario ?? null,
    family: args.family ?? null,
    seed: parseCount('seed', args.seed, defaultSeed),
    count: parseCount('count', args.count, defaultCount),
    shard: args.shard === undefined ? null : parseShardArgument(args.shard),
  };
}

function choose(mutants: readonly Mutant[], wanted: Wanted): Mutant[] {
  const chosen = chooseMutants(mutants, wanted);
  if (chosen !== undefined) return chosen;
  throw new UsageError(expectedGot('reading --file', "the beginning of a mutated file's path", wanted.files.join(',')));
}

function parseMutators(value: string): MutatorSet {
  const found = mutatorSets.find((name) => name === value);
  if (found !== undefined) return found;
  throw new UsageError(expectedGot('reading --mutators', mutatorSets.join(' or '), JSON.stringify(value)));
}

function parseShare(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const percentage = Number(value);
  if (percentage > 0 && percentage <= 100) return percentage / 100;
  throw new UsageError(expectedGot('reading --min', 'a percentage above 0 and up to 100', JSON.stringify(value)));
}
