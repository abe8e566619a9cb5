import { setMaxListeners } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientFacts } from '../clients/clients.ts';
import { bundleFake, bundleWorker } from '../proofs/mutation/bundle-worker.ts';
import { type NoResult, WorkerProcess } from '../proofs/mutation/worker-process.ts';
import { readLedger } from '../verdict/ledger.ts';
import type { Explored, ExploreOrder, Finding, Play } from './types.ts';
import type { PlayedOrder, WorkerOptions } from './worker/protocol.ts';

export interface ExplorerOptions {
  repository: string;
  /** Emptied at the end. Not in the temp folder. */
  folder: string;
  ledger: string;
  engineVersion: string;
  /** Python of the virtual environment; undefined if there is none. */
  python: string | undefined;
  /** How many runs at once. */
  jobs: number;
  /** Sources of our SDK to use in place of its own, by absolute path: with mutants, or with a bug. Default: none. */
  sources?: ReadonlyMap<string, string>;
  signal: AbortSignal;
}

/** For each step of a run that came out in two ways, a step of which ended only once. */
const patientDeadlineMs = 10_000;
/** A driver of another language that falls silent is ended long before. */
const silenceMs = 180_000;

type Worker = WorkerProcess<ExploreOrder, PlayedOrder>;

/**
 * Plays runs that nobody wrote down through several clients against the fake engine, and compares them. Drivers, our SDK and the fake stay loaded, so that a
 * run costs milliseconds. Always `close` it.
 */
export class Explorer {
  readonly #options: ExplorerOptions;
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #closed = false;

  private constructor(options: ExplorerOptions, workers: readonly Worker[]) {
    this.#options = options;
    this.#workers = workers;
    void this.#warm();
  }

  /** @throws esbuild's Error if a source cannot be bundled, DataError for a ledger that says what it may not */
  static async open(options: ExplorerOptions): Promise<Explorer> {
    const { repository, folder, ledger, engineVersion, python, jobs, sources = new Map(), signal } = options;
    const explored = path.join(repository, 'fixtures', 'explored-differences.yaml');
    // What is wrong with it is told here, and not by every worker.
    await readLedger(explored);
    // Each worker listens.
    setMaxListeners(10 + jobs, signal);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const entry = fileURLToPath(new URL('worker/explore-worker.ts', import.meta.url));
    const file = await bundleWorker(repository, sources, path.join(folder, 'worker.mjs'), entry);
    const fakeProgram = path.join(folder, 'fake.cjs');
    await writeFile(fakeProgram, await bundleFake());
    const workers = await Promise.all(
      Array.from({ length: jobs }, async (_, number) => {
        const own = path.join(folder, `${number}`);
        await mkdir(own, { recursive: true });
        const given = {
          fakeProgram,
          folder: own,
          ledger,
          explored,
          engineVersion,
          ...(python !== undefined && { python }),
        };
        return new WorkerProcess<ExploreOrder, PlayedOrder>(
          file,
          given satisfies WorkerOptions,
          signal,
          withoutResult,
          silenceMs,
        );
      }),
    );
    return new Explorer(options, workers);
  }

  /** Plays a run, and a second time if something is found: what does not come again proves nothing. Rejects if the signal aborts. */
  async explore(order: ExploreOrder): Promise<Explored> {
    const worker = await this.#take();
    try {
      return await confirmed(order, async (asked) => withPlayers(asked, await worker.perform(asked)));
    } finally {
      this.#give(worker);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  /** One after the other, and each with its drivers: all at once, they would keep each other from starting. */
  async #warm(): Promise<void> {
    for (const worker of this.#workers) {
      await worker.warm();
      if (this.#closed) return;
      this.#give(worker);
    }
  }

  #take(): Promise<Worker> {
    const worker = this.#idle.pop();
    return worker === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(worker);
  }

  #give(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }
}

/** The worker runs our client, and nothing else that changes from run to run: where it dies or falls silent, ours has made it so. */
const withoutResult = (without: NoResult): PlayedOrder => ({ plays: [], tainted: true, without });

function withPlayers({ players }: ExploreOrder, { plays, without }: PlayedOrder): Play[] {
  if (without === undefined) return plays;
  if (without.unready) throw new Error(`The worker of explored runs cannot start: ${without.failure}`);
  return players.map((player): Play => {
    const none = { ...player, unexplained: [], known: [], digest: 'none' };
    if (clientFacts(player.client).maker !== 'ours') return none;
    return { ...none, failure: without.failure, crashed: true };
  });
}

/**
 * Plays a run, and again if something is found. A step that ended in one play and not in the other may be one that a busy
 * machine did not let end: with time enough, it ends or hangs both times.
 */
export async function confirmed(
  order: ExploreOrder,
  play: (order: ExploreOrder) => Promise<Play[]>,
): Promise<Explored> {
  const first = await play(order);
  const findings = findingsOf(first, order.mayWait);
  if (findings.length === 0) return { verdict: 'same', plays: first, findings };
  const second = await play(order);
  const told = playedTwice(first, second, order);
  if (told.verdict !== 'unsteady' || first.every(({ hang }, index) => hang === second[index]?.hang)) return told;
  const patient = { ...order, deadlineMs: patientDeadlineMs };
  return playedTwice(await play(patient), await play(patient), order);
}

/** What a run comes to in which something was found, and which was played a second time. */
export function playedTwice(
  first: readonly Play[],
  second: readonly Play[],
  { mayWait, outcomes = false }: Pick<ExploreOrder, 'mayWait' | 'outcomes'> = {},
): Explored {
  const did = (play: Play | undefined) => (outcomes ? (play?.outcome ?? play?.digest) : play?.digest);
  const unsteady = first.flatMap((play, index): Finding[] => {
    const { client, mutant } = play;
    return did(play) === did(second[index])
      ? []
      : [
          {
            client,
            ...(mutant !== undefined && { mutant }),
            kind: 'unsteady',
            what: `${client} plays it in two ways`,
          },
        ];
  });
  const ourOwn = unsteady.some(({ client }) => clientFacts(client).maker === 'ours');
  // An official client does now this and now that, and ours does the same each time: what the official one did once.
  if (unsteady.length > 0 && !ourOwn && findingsOf(second, mayWait).length === 0)
    return { verdict: 'same', plays: [...second], findings: [] };
  if (unsteady.length > 0) return { verdict: 'unsteady', plays: [...second], findings: unsteady };
  const findings = findingsOf(first, mayWait);
  if (findings.length === 0) return { verdict: 'same', plays: [...first], findings };
  const failed = findings.every(({ kind }) => kind === 'could-not-run');
  return { verdict: failed ? 'could-not-run' : 'different', plays: [...first], findings };
}

/**
 * What is wrong with the plays of a run. The reference is compared with nothing: it may hang, and leave what it likes.
 * Where ours plays alone, it is no reference.
 * @param mayWait ours may hang where the reference does
 */
export function findingsOf(plays: readonly Play[], mayWait = false): Finding[] {
  const [reference] = plays;
  if (reference?.failure !== undefined && reference.crashed !== true)
    return [
      { client: reference.client, kind: 'could-not-run', what: reference.failure.split('\n').slice(0, 6).join(' ') },
    ];
  return plays.flatMap((play, index): Finding[] => {
    const { client, mutant, failure, crashed, unexplained, hang, left } = play;
    const who = { client, ...(mutant !== undefined && { mutant }) };
    if (failure !== undefined)
      return [
        { ...who, kind: crashed === true ? 'crash' : 'could-not-run', what: failure.split('\n').slice(0, 6).join(' ') },
      ];
    const [difference] = unexplained;
    if (difference !== undefined)
      return [{ ...who, kind: 'difference', what: `${difference.kind} ${difference.path}`, difference }];
    if (clientFacts(client).maker !== 'ours' || (index === 0 && plays.length > 1)) return [];
    if (left !== undefined) return [{ ...who, kind: 'left', what: `${[...left.processes, ...left.files]}` }];
    return hang === undefined || (mayWait && hang === plays[0]?.hang) ? [] : [{ ...who, kind: 'hang', what: hang }];
  });
}
