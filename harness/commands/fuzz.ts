import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { defineCommand } from 'citty';
import { parse } from 'yaml';
import { expectedGot } from '../../native/expected-got.mjs';
import { readEngineLock, venvPython } from '../../native/index.ts';
import { loadContract } from '../contract/load-contract.ts';
import { Explorer } from '../explore/explorer.ts';
import { writeFinding } from '../explore/finding-file.ts';
import { findMutants, type TriedMutant } from '../explore/fuzz/find-mutants.ts';
import { type FuzzCounts, fuzz, playersOf, runsOf } from '../explore/fuzz/fuzz.ts';
import type { Explored, ExploredScenario } from '../explore/types.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { instrument, mutatedParts } from '../proofs/mutation/instrument.ts';
import { readResults } from '../proofs/mutation/results-file.ts';
import { isNoticed } from '../proofs/mutation/score.ts';
import { mutantKey } from '../proofs/mutation/selection.ts';
import { sample } from '../proofs/sample.ts';
import { defaultFolders, removeCells } from '../run/folders.ts';
import { list, parseCount, parseShardArgument } from './arguments.ts';
import { jobsOf, type Terminal } from './context.ts';
import { jsonFile } from './json-file.ts';
import { clock } from './progress.ts';
import { UsageError } from './read-arguments.mjs';

/** Without a terminal, a line after so many runs. */
const toldEvery = 100;

interface FuzzArgs {
  seed?: string | undefined;
  runs?: string | undefined;
  run?: string | undefined;
  file?: string | undefined;
  shard?: string | undefined;
  jobs?: string | undefined;
  json?: string | undefined;
  mutants?: string | undefined;
  of?: string | undefined;
  count?: string | undefined;
  tries?: string | undefined;
}

/** `fuzz`: runs drawn at random from the contract, through Python and ours. */
export const fuzzCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'fuzz',
      description: 'Draw scenarios and engine scripts at random from the contract, and compare our client with Python',
    },
    args: {
      seed: { type: 'string', description: 'Which runs are drawn (default: 1)', valueHint: 'N' },
      runs: { type: 'string', description: 'How many (default: 1000)', valueHint: 'N' },
      run: { type: 'string', description: 'Only these runs of the seed, comma-separated', valueHint: 'N' },
      file: { type: 'string', description: 'Play this scenario file, as findings are written', valueHint: 'FILE' },
      shard: { type: 'string', description: 'The Ith of N parts of the runs', valueHint: 'I/N' },
      jobs: {
        type: 'string',
        description: 'Runs to play at once (default: the number of processors, at most 4)',
        valueHint: 'N',
      },
      mutants: {
        type: 'string',
        description:
          'Instead, ask which mutants of this results file of mutation --mutators own, of those that something noticed, the runs find too',
        valueHint: 'FILE',
      },
      of: {
        type: 'string',
        description: 'Only mutants of files whose path starts with this, comma-separated',
        valueHint: 'PATH',
      },
      count: { type: 'string', description: 'How many mutants are drawn by the seed (default: 10)', valueHint: 'N' },
      tries: {
        type: 'string',
        description: 'How many of the runs that reach a mutant are played with it (default: 100)',
        valueHint: 'N',
      },
      json: { type: 'string', description: 'Write what came of it to this file as well', valueHint: 'FILE' },
    },
    run: async ({ args }) => done(await fuzzRuns(args, terminal)),
  });

/** @returns the exit code. @throws UsageError for what it does not understand */
export async function fuzzRuns(args: FuzzArgs, terminal: Terminal): Promise<number> {
  const seed = parseCount('seed', args.seed, 1);
  const shard = args.shard === undefined ? undefined : parseShardArgument(args.shard);
  const named = list(args.run).map((one) => parseCount('run', one, 1));
  const runs = named.length > 0 ? named : runsOf(parseCount('runs', args.runs, 1000), shard);
  const jobs = Math.min(jobsOf({ jobs: args.jobs }), runs.length);
  const tries = parseCount('tries', args.tries, 100);
  const given = args.file === undefined ? undefined : await readScenario(args.file);
  const json = await jsonFile(args.json);
  const folders = defaultFolders();
  const python = venvPython(folders.repository);
  if (!existsSync(python))
    throw new UsageError(
      expectedGot('starting fuzz', 'the virtual environment of Python', 'none', 'Run npm run parity first'),
    );
  // That of both official SDKs: what later engines have, Python's models lack.
  const { officialPair: engineVersion } = readEngineLock();
  const drawn =
    args.mutants === undefined ? undefined : await drawMutants(args.mutants, args, seed, folders.repository);
  const explorer = await Explorer.open({
    repository: folders.repository,
    folder: path.join(folders.cells, 'fuzz'),
    ledger: folders.ledger,
    engineVersion,
    python,
    jobs: given === undefined && drawn === undefined ? jobs : 1,
    ...(drawn && { sources: drawn.sources }),
    signal: terminal.signal,
  });
  const begun = Date.now();
  try {
    if (drawn !== undefined) {
      const progress = new FuzzProgress(terminal, runs.length, begun);
      const tried = await findMutants({
        ...{ explorer, contract: await loadContract(engineVersion), seed, runs, mutants: drawn.mutants, tries },
        signal: terminal.signal,
        onRun: (_run, told) => progress.ran(told),
        onMutant: (one) => terminal.out(mutantLine(one)),
      });
      progress.end();
      const asked = drawn.mutants.length;
      await json?.write({ schemaVersion: 1, seed, runs: runs.length, asked, tried });
      return tellMutants(tried, asked, terminal);
    }
    if (given !== undefined) {
      const told = await explorer.explore({ scenario: given, players: playersOf(given, 1) });
      terminal.out(`${given.id}: ${told.verdict}`, ...linesOf(told));
      return exitCodes.fuzz({ found: told.verdict !== 'same' });
    }
    const found: { run: number; file: string; findings: string[] }[] = [];
    const progress = new FuzzProgress(terminal, runs.length, begun);
    const counts = await fuzz({
      explorer,
      contract: await loadContract(engineVersion),
      seed,
      runs,
      jobs,
      signal: terminal.signal,
      onRun: (_run, told) => progress.ran(told),
      async onFound({ run, scenario, told }) {
        const again = `npm run parity -- fuzz --seed ${seed} --run ${run}`;
        const file = path.relative(
          folders.repository,
          await writeFinding(path.join(folders.repository, 'out', 'fuzz'), {
            scenario,
            findings: told.findings,
            repeat: again,
          }),
        );
        found.push({ run, file, findings: linesOf(told) });
        terminal.note(`${terminal.paint.red('found')}  ${file}  ${again}`);
        for (const line of linesOf(told)) terminal.note(`  ${line}`);
      },
    });
    progress.end();
    const asked = runs.length;
    const durationMs = Date.now() - begun;
    await json?.write({ schemaVersion: 1, seed, shard: shard ?? null, asked, ...counts, found, durationMs });
    const failed = counts.verdicts.different + counts.verdicts['could-not-run'];
    terminal.out(...summary(counts, asked, durationMs));
    terminal.out(`${counts.runs - failed} passed, ${failed + asked - counts.runs} failed`);
    return exitCodes.fuzz({
      found: failed > 0,
      notWhole: counts.runs !== asked,
    });
  } finally {
    await explorer.close();
    await removeCells(folders);
  }
}

/** @throws UsageError if there are not so many that something noticed */
async function drawMutants(file: string, { of, count }: FuzzArgs, seed: number, repository: string) {
  const places = list(of);
  const wanted = parseCount('count', count, 10);
  const noticed = (await readResults([file])).filter(
    (one) => isNoticed(one) && (places.length === 0 || places.some((place) => one.file.startsWith(place))),
  );
  if (noticed.length < wanted)
    throw new UsageError(
      expectedGot(`reading --mutants ${file}`, `${wanted} mutants that something noticed`, `${noticed.length}`),
    );
  const { sources, mutants } = await instrument(repository, mutatedParts.sdk('own'), 'own');
  const drawn = new Set(sample(noticed, wanted, seed).map(mutantKey));
  const there = mutants.filter((one) => drawn.has(mutantKey(one)));
  if (there.length < wanted)
    throw new UsageError(
      expectedGot(
        `reading --mutants ${file}`,
        'mutants of the sources as they are',
        `${wanted - there.length} of others`,
      ),
    );
  return { sources, mutants: there };
}

function tellMutants(tried: readonly TriedMutant[], asked: number, { out }: Terminal): number {
  const found = tried.filter((one) => one.found !== undefined).length;
  const brokenOff = tried.length < asked ? `, and ${asked - tried.length} not tried` : '';
  out(`${found} of ${tried.length} mutants found${brokenOff}`);
  return exitCodes.fuzz({ found: found < tried.length, notWhole: tried.length < asked });
}

const mutantLine = ({ mutant: { file, line, mutator, original }, reachedBy, found }: TriedMutant): string => {
  const what = `${file}:${line} ${mutator} ${original.replaceAll(/\s+/g, ' ').slice(0, 60)}`;
  return found === undefined
    ? `not found  ${what}  (${reachedBy} runs reach it)`
    : `found      ${what}  run ${found.run}: ${found.what}`;
};

async function readScenario(file: string): Promise<ExploredScenario> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(expectedGot(`reading --file ${file}`, 'a scenario file', String(cause.code)), { cause });
  });
  const scenario = parsed(text, file) as ExploredScenario | null;
  if (Array.isArray(scenario?.script) && Array.isArray(scenario.steps)) return scenario;
  throw new UsageError(expectedGot(`reading --file ${file}`, 'a scenario with a script', 'none'));
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const [problem] = (cause as Error).message.split('\n');
    throw new UsageError(expectedGot(`reading --file ${file}`, 'YAML', problem ?? 'something else'), { cause });
  }
}

const linesOf = ({ plays, findings }: Explored): string[] => [
  ...findings.map(({ client, kind, what }) => `${client}: ${kind}: ${what}`),
  ...plays.flatMap(({ client, hang }) => (hang === undefined ? [] : [`${client} hangs: ${hang}`])),
];

/** The counts by verdict, the kinds of findings, and where nothing was found, that nothing was. */
function summary({ runs, verdicts, kinds, hangs }: FuzzCounts, asked: number, durationMs: number): string[] {
  const of = runs < asked ? ` of ${asked}` : '';
  return [
    ...Object.entries(kinds)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, times]) => `${String(times).padStart(6)}  ${kind}`),
    `${runs}${of} runs in ${clock(durationMs)}: ${verdicts.same} same, ${verdicts.different} different, ${verdicts.unsteady} unsteady, ${verdicts['could-not-run']} could not run; Python hung in ${hangs.reference}, ours in ${hangs.ours}`,
  ];
}

class FuzzProgress {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #begun: number;
  #ended = 0;
  #different = 0;

  constructor(terminal: Terminal, total: number, begun: number) {
    this.#terminal = terminal;
    this.#total = total;
    this.#begun = begun;
  }

  ran({ verdict }: Explored): void {
    this.#ended += 1;
    if (verdict !== 'same') this.#different += 1;
    if (this.#terminal.live) this.#terminal.status(this.#text());
    else if (this.#ended % toldEvery === 0) this.#terminal.note(this.#text());
  }

  end(): void {
    this.#terminal.status();
  }

  #text(): string {
    const passed = Date.now() - this.#begun;
    const left = clock((passed * (this.#total - this.#ended)) / this.#ended);
    const percent = String(Math.floor((100 * this.#ended) / this.#total)).padStart(3);
    return `[${percent} %] ${this.#ended} of ${this.#total} runs, ${this.#different} not the same, ${clock(passed)} so far, about ${left} left`;
  }
}
