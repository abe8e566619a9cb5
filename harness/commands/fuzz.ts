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
import { type FuzzCounts, fuzz, playersOf, runsOf } from '../explore/fuzz/fuzz.ts';
import type { Explored, ExploredScenario } from '../explore/types.ts';
import { exitCodes } from '../judging/exit-codes.ts';
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
      json: { type: 'string', description: 'Write what came of it to this file as well', valueHint: 'FILE' },
    },
    run: async ({ args }) => done(await runFuzz(args, terminal)),
  });

async function runFuzz(args: FuzzArgs, terminal: Terminal): Promise<number> {
  const seed = parseCount('seed', args.seed, 1);
  const shard = args.shard === undefined ? undefined : parseShardArgument(args.shard);
  const named = list(args.run).map((one) => parseCount('run', one, 1));
  const runs = named.length > 0 ? named : runsOf(parseCount('runs', args.runs, 1000), shard);
  const jobs = Math.min(jobsOf({ jobs: args.jobs }), runs.length);
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
  const explorer = await Explorer.open({
    repository: folders.repository,
    folder: path.join(folders.cells, 'fuzz'),
    ledger: folders.ledger,
    engineVersion,
    python,
    jobs: given === undefined ? jobs : 1,
    signal: terminal.signal,
  });
  const begun = Date.now();
  try {
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
    terminal.out(...summary(counts, asked, durationMs));
    return exitCodes.fuzz({
      found: counts.verdicts.different + counts.verdicts['could-not-run'] > 0,
      notWhole: counts.runs !== asked,
    });
  } finally {
    await explorer.close();
    await removeCells(folders);
  }
}

async function readScenario(file: string): Promise<ExploredScenario> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(expectedGot(`reading --file ${file}`, 'a scenario file', String(cause.code)), { cause });
  });
  const scenario = parse(text) as ExploredScenario | null;
  if (Array.isArray(scenario?.script) && Array.isArray(scenario.steps)) return scenario;
  throw new UsageError(expectedGot(`reading --file ${file}`, 'a scenario with a script', 'none'));
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
