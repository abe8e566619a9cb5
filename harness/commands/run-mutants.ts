import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expectedGot } from '../../native/expected-got.mjs';
import { clientsWhere } from '../clients/clients.ts';
import { type Measure, measure } from '../proofs/mutation/measure.ts';
import { ResultsWriter, readParts } from '../proofs/mutation/results-file.ts';
import { isNoticed } from '../proofs/mutation/score.ts';
import {
  chooseMutants,
  lastRows,
  mutantKey,
  partsProblem,
  type Selection,
  stillThere,
  wholeProblem,
} from '../proofs/mutation/selection.ts';
import { measureTests } from '../proofs/mutation/tests/measure-tests.ts';
import type { MutantResult } from '../proofs/mutation/try-mutant.ts';
import type { Mutant } from '../proofs/mutation/types.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { planCells } from '../run/plan.ts';
import { readSources } from '../run/read-sources.ts';
import { allScenarios, openSession, selectScenarios, type Terminal, targetsOf } from './context.ts';
import { resultsFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

export type Wanted = Omit<Selection, 'again' | 'chosen' | 'inputs'>;

export interface MutantsOptions {
  jobs: number;
  /** The file of results. */
  json?: string | undefined;
  /** A file of results whose survivors are tried again. */
  again?: string | undefined;
  /** Continue what an interrupted run left. */
  resume?: boolean | undefined;
  alone?: boolean | undefined;
}

/** Tries the selected mutants, by goldens first. What a stage finds is written at once. */
export async function runMutants(wanted: Wanted, options: MutantsOptions, terminal: Terminal): Promise<MutantResult[]> {
  const { repository } = defaultFolders();
  const file = (await resultsFile(options.json)) ?? path.join(repository, 'out', 'mutation', 'results.jsonl');
  const { inputs } = await readSources(repository);
  const before = options.again === undefined ? undefined : await readBefore(options.again);
  const kept = lastRows(before?.results ?? []);
  if (options.resume)
    for (const [key, row] of await readUnfinished(`${file}.part`, { ...wanted, inputs })) kept.set(key, row);
  const isAgain = before !== undefined;
  const by = wanted.by ?? 'goldens';
  let chosen: readonly Mutant[] | undefined;
  let writer: ResultsWriter | undefined;
  const begin = async (mutants: readonly Mutant[]) => {
    // Made anew for each stage: the same mutants, if the sources are.
    if (chosen !== undefined) return stillThere(mutants, new Map(chosen.map((one) => [mutantKey(one), one])));
    chosen = before === undefined ? choose(mutants, wanted) : stillThere(mutants, kept);
    const present = new Set(chosen.map(mutantKey));
    for (const key of kept.keys()) if (!present.has(key)) kept.delete(key);
    const selection = { ...(before?.selection ?? wanted), ...(isAgain && by !== 'goldens' && { by: 'both' as const }) };
    writer = await ResultsWriter.begin(file, { ...selection, again: isAgain, chosen: chosen.length, inputs }, [
      ...kept.values(),
    ]);
    return chosen;
  };
  let ended = 0;
  const add = async (result: MutantResult, count: number) => {
    kept.set(mutantKey(result), result);
    await writer?.add(result);
    ended += 1;
    const { status, mutator, durationMs, killer } = result;
    terminal.note(
      `[${ended}/${count}] ${result.file}:${result.line} ${mutator}  ${status}${killer ? ` by ${killer}` : ''}  ${durationMs} ms`,
    );
  };
  const rowOf = (mutant: Mutant) => kept.get(mutantKey(mutant));
  try {
    if (by !== 'tests') {
      const isDone = (row: MutantResult | undefined) => row !== undefined && (!isAgain || isNoticed(row));
      const toTry = async (mutants: readonly Mutant[]) => (await begin(mutants)).filter((one) => !isDone(rowOf(one)));
      await byGoldens(wanted, options, inputs, toTry, add, terminal);
    }
    if (by !== 'goldens') {
      ended = 0;
      const isDone = (row: MutantResult | undefined) =>
        row !== undefined && (isNoticed(row) || (!isAgain && row.tests !== undefined));
      const failing = await measureTests({
        repository,
        part: wanted.of ?? 'sdk',
        mutators: wanted.mutators ?? 'stryker',
        jobs: options.jobs,
        signal: terminal.signal,
        choose: async (mutants) => (await begin(mutants)).filter((one) => !isDone(rowOf(one))),
        onStage: (text) => terminal.note(text),
        onResult: (mutant, verdict, durationMs, count) =>
          add(
            { ...mutant, reachedBy: 0, likeliest: [], ...rowOf(mutant), ...verdict, id: mutant.id, durationMs },
            count,
          ),
      });
      for (const { file: name, fails } of failing)
        terminal.out(`${terminal.paint.yellow('left out')}  ${name}: ${fails}`);
    }
    const results = (chosen ?? []).flatMap((one) => rowOf(one) ?? []);
    await (writer as ResultsWriter | undefined)?.end(results);
    writer = undefined;
    return results;
  } finally {
    if (writer !== undefined) terminal.note(`${kept.size} results are in ${(writer as ResultsWriter).part}`);
  }
}

async function byGoldens(
  wanted: Wanted,
  { jobs, alone }: MutantsOptions,
  { scenarios: _scenarios, goldens: _goldens, ...inputs }: Record<string, string>,
  toTry: (mutants: readonly Mutant[]) => Promise<readonly Mutant[]>,
  add: (result: MutantResult, count: number) => Promise<void>,
  terminal: Terminal,
): Promise<void> {
  const { session } = await openSession(true, terminal);
  const { folders, pinned } = session.options;
  let measured: Measure;
  try {
    const scenarios = selectScenarios(await allScenarios(folders), {
      scenario: wanted.scenario ?? undefined,
      family: wanted.family ?? undefined,
    });
    const clients = await session.hello(clientsWhere(({ maker }) => maker === 'ours'));
    const targets = await targetsOf(['fake'], [pinned.version]);
    const request = { scenarios, clients, targets, rounds: 1 };
    measured = await measure({
      repository: folders.repository,
      goldens: folders.goldens,
      mutators: wanted.mutators ?? 'stryker',
      folder: path.join(folders.cells, 'mutation'),
      plans: planCells(request).filter(({ notApplicable }) => notApplicable === undefined),
      golden: (scenario) => session.golden(scenario),
      judges: { ledger: session.ledger, checker: session.checker, engineVersion: pinned.version },
      choose: toTry,
      cache: { folder: path.join(folders.repository, '.cache', 'mutation'), inputs },
      alone: alone === true,
      jobs,
      signal: terminal.signal,
      onStage: (text) => terminal.note(text),
      onResult: add,
    });
  } finally {
    await session.close();
    await removeCells(folders);
  }
  const { total, results, baseline } = measured;
  for (const { scenario, why } of baseline.leftOut)
    terminal.out(`${terminal.paint.yellow('left out')}  ${scenario}: ${why}`);
  terminal.out(`${results.length} of ${total} mutants, ${baseline.subjects.length} scenarios`);
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

/** @throws UsageError for results of another selection or of other sources */
async function readUnfinished(
  file: string,
  wanted: Omit<Selection, 'again' | 'chosen'>,
): Promise<Map<string, MutantResult>> {
  const [part] = await readParts([file]);
  if (part?.selection === undefined)
    throw new UsageError(expectedGot(`reading ${file}`, 'what an interrupted run left', 'no selection'));
  const { chosen: _chosen, again: _again, ...there } = part.selection;
  if (!isDeepStrictEqual(there, JSON.parse(JSON.stringify(wanted))))
    throw new UsageError(
      expectedGot(`reading ${file} to resume`, 'the same selection and sources', 'others', 'Start without --resume.'),
    );
  return lastRows(part.results);
}

function choose(mutants: readonly Mutant[], wanted: Wanted): Mutant[] {
  const chosen = chooseMutants(mutants, wanted);
  if (chosen !== undefined) return chosen;
  throw new UsageError(expectedGot('reading --file', "the beginning of a mutated file's path", wanted.files.join(',')));
}
