import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeJson } from '../../../testing/json/write-json.ts';
import type { CellPlan } from '../../cell/types.ts';
import { type ClientId, clientFacts, type Family, type KnownClientId } from '../../clients/clients.ts';
import { WireChecker } from '../../contract/check-wire.ts';
import { loadContract } from '../../contract/load-contract.ts';
import { loadWindow } from '../../contract/window.ts';
import { DriverProcess } from '../../driver/driver-process.ts';
import { driverCommand } from '../../driver/driver-registry.ts';
import { execAdapter } from '../../driver/exec/exec-adapter.ts';
import { execClient } from '../../driver/exec/exec-clients.ts';
import type { ClientAdapter } from '../../driver/ts/adapter.ts';
import { performRun } from '../../driver/ts/run.ts';
import { sdkAdapter } from '../../driver/ts/sdk-adapter.ts';
import { runMessage } from '../../engine/cell.ts';
import { baseEnv } from '../../engine/cell-env.ts';
import { openFakeCell } from '../../engine/fake-cell.ts';
import { kill, processesOf } from '../../engine/run-processes.ts';
import type { RunningCell } from '../../engine/types.ts';
import { normalise } from '../../normalise/normalise.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { mergeLines } from '../../observation/observation-file.ts';
import { observationRedactor } from '../../observation/redact-observation.ts';
import type { ClientIdentity, Observation, ObservationLine } from '../../observation/types.ts';
import { switches } from '../../proofs/mutation/worker/switches.ts';
import { deadlineOf } from '../../run/deadline.ts';
import { withAwaited } from '../../scenario/awaited.ts';
import type { Step } from '../../scenario/types.ts';
import { faultLane } from '../../verdict/cell-faults.ts';
import { faultsOf, judgeCell } from '../../verdict/judge-cell.ts';
import { type LedgerEntry, readLedger } from '../../verdict/ledger.ts';
import { entriesFrom, exploredEntries } from '../explored-entries.ts';
import type { ExploredScenario, Play, Player } from '../types.ts';
import { EngineHost } from './engine-host.ts';
import type { ExploreOrder, PlayedOrder, WorkerOptions } from './protocol.ts';

/** Ours runs within this process: what has not arrived by then will not arrive. */
const limits = { close: 1_000, leftover: 200 };
/** This process as it was started: an exec client turns it into a user's program. */
const own = { env: { ...process.env }, folder: process.cwd() };
const defaultDeadlineMs = 1_000;
/** Reached this often, a mutant has made an endless loop. */
const mostHits = 100_000;

/** Nobody has written down what a run that was made up leaves unfinished, and to look for it takes longer than the run. */
const withoutHolding = ({ holding: _, ...adapter }: ClientAdapter): ClientAdapter => adapter;

/** What a play gives to be judged. */
interface Seen {
  observation?: Observation;
  failure?: string;
  crashed?: true;
  tainted: boolean;
  reached?: string[];
}

/** Plays orders, one after the other; the players of an order that are not in this process play at the same time. */
export class OrderPlayer {
  readonly #options: WorkerOptions;
  readonly #host: EngineHost;
  readonly #ledger: readonly LedgerEntry[];
  /** Of scenarios. */
  readonly #written: readonly LedgerEntry[];
  readonly #checker: WireChecker;
  readonly #adapters: Readonly<Partial<Record<ClientId, ClientAdapter>>>;
  readonly #drivers = new Map<ClientId, DriverProcess>();
  #cells = 0;

  private constructor(
    options: WorkerOptions,
    host: EngineHost,
    ledger: readonly LedgerEntry[],
    written: readonly LedgerEntry[],
    checker: WireChecker,
    adapters: Readonly<Partial<Record<ClientId, ClientAdapter>>>,
  ) {
    this.#options = options;
    this.#host = host;
    this.#ledger = ledger;
    this.#written = written;
    this.#checker = checker;
    this.#adapters = adapters;
  }

  static async open(options: WorkerOptions): Promise<OrderPlayer> {
    const [host, ledger, explored, contract, window, exec] = await Promise.all([
      EngineHost.open(path.join(options.folder, `${process.pid}`)),
      readLedger(options.ledger),
      readLedger(options.explored),
      loadContract(),
      loadWindow(),
      execClient('ts-exec'),
    ]);
    const others = window.filter((other) => other.version !== contract.version);
    const adapters = { ts: withoutHolding(sdkAdapter), 'ts-exec': withoutHolding(execAdapter(exec)) };
    const player = new OrderPlayer(
      options,
      host,
      [...exploredEntries(ledger), ...explored],
      ledger,
      new WireChecker(contract, others),
      adapters,
    );
    // Before the first run, whose time this would take. One that cannot start fails its runs.
    if (options.python !== undefined)
      await Promise.allSettled((['python', 'python-async'] as const).map((client) => player.#driver(client).start()));
    return player;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#drivers.values()].map((driver) => driver.close()));
    this.#host.close();
  }

  /** Never rejects. */
  async play({
    scenario: given,
    players,
    deadlineMs = defaultDeadlineMs,
    from,
    observations,
    holding = false,
  }: ExploreOrder): Promise<PlayedOrder> {
    const scenario = { ...given, deadlineMs: deadlineOf({ deadlineMs }) };
    const elsewhere = new Map<ClientId, Promise<Seen>>();
    const there = players.map((player) => {
      if (this.#isHere(player)) return undefined;
      // A driver performs one run at a time.
      const before: Promise<unknown> = elsewhere.get(player.client) ?? Promise.resolve();
      const own = before.then(() => this.#observe(scenario, player, holding));
      elsewhere.set(player.client, own);
      return own;
    });
    const seen: Seen[] = [];
    for (const [index, player] of players.entries())
      if (this.#isHere(player)) seen[index] = await this.#observe(scenario, player, holding);
    for (const [index, one] of there.entries()) if (one !== undefined) seen[index] = await one;
    const tainted = players.some((player, index) => this.#isHere(player) && seen[index]?.tainted === true);
    return { plays: this.#judge(scenario, players, seen, { from, all: observations === true }), tainted };
  }

  #isHere({ client }: Player): boolean {
    return this.#adapters[client] !== undefined;
  }

  #judge(
    scenario: ExploredScenario,
    players: readonly Player[],
    seen: readonly Seen[],
    { from, all }: { from: string | undefined; all: boolean },
  ): Play[] {
    const ledger = from === undefined ? this.#ledger : [...this.#ledger, ...entriesFrom(this.#written, from)];
    const plan = (client: ClientId): CellPlan => ({
      scenario: { ...scenario, file: '', idLine: 1, stepLines: [] },
      client,
      engine: 'fake',
      round: 1,
    });
    let reference: { normalised: NormalisedObservation; faults: ReadonlySet<string> } | undefined;
    return players.map((player, index): Play => {
      const { observation, failure, crashed, reached } = seen[index] as Seen;
      const facts = { ...player, ...(crashed && { crashed }), ...(reached && { reached }), known: [] };
      if (observation === undefined)
        return { ...facts, failure: failure ?? 'no observation', unexplained: [], digest: 'failed' };
      const broken = observation.lines.find((line) => line.ch === 'mark' && line.mark === 'fake engine failed');
      const hung = observation.lines.some(({ ch }) => ch === 'hang');
      // The run itself is at fault: a message of its script breaks the contract. An engine that a hanging run leaves loses its latches with the run.
      if (index === 0 && broken?.ch === 'mark' && !hung) {
        return {
          ...facts,
          failure: `the fake engine failed: ${writeJson(broken.detail ?? null)}`,
          unexplained: [],
          digest: 'failed',
        };
      }
      const about = { ...facts, ...endOf(observation.lines), ...(all && { lines: observation.lines }) };
      try {
        if (index === 0) {
          const normalised = normalise(observation);
          const faults = faultsOf(plan(player.client), observation, this.#checker).map(({ path: one }) => one);
          reference = { normalised, faults: new Set(faults) };
          return { ...about, unexplained: [], digest: digestOf(normalised), outcome: outcomeOf(normalised) };
        }
        if (reference === undefined) return { ...about, unexplained: [], digest: 'unjudged' };
        const { normalised: golden, faults } = reference;
        const judged = judgeCell(
          plan(player.client),
          observation,
          golden,
          ledger,
          this.#checker,
          ({ lane, path: one }) => lane === faultLane && faults.has(one),
        );
        const known = [...new Set(judged.known.map(({ entry }) => entry.id))].sort();
        const told = { digest: digestOf(judged.normalised), outcome: outcomeOf(judged.normalised) };
        return { ...about, unexplained: judged.unexplained, known, ...told };
      } catch (error) {
        return { ...about, failure: (error as Error).stack ?? String(error), unexplained: [], digest: 'failed' };
      }
    });
  }

  /** Never rejects. */
  async #observe(scenario: ExploredScenario, player: Player, holding: boolean): Promise<Seen> {
    let cell: RunningCell | undefined;
    try {
      this.#cells += 1;
      const root = path.join(this.#options.folder, `${process.pid}-${this.#cells}`);
      cell = await openFakeCell({ scenario, goldens: '', engineVersion: this.#options.engineVersion, root });
      const adapter = holding && player.client === 'ts' ? sdkAdapter : this.#adapters[player.client];
      return await (adapter === undefined
        ? this.#performThere(scenario, player.client, cell)
        : this.#performHere(scenario, player, adapter, cell));
    } catch (error) {
      return { failure: (error as Error)?.stack ?? String(error), tainted: true };
    } finally {
      await cell?.dispose().catch(() => undefined);
      // A client of another process may start engines of its own. The end of a cell in this process does not see them, and
      // one that its client still waits for would live on forever.
      if (cell !== undefined && scenario.family === 'exec' && !this.#isHere(player))
        kill(await processesOf(cell.paths.root));
      if (cell !== undefined) await rm(cell.paths.root, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  async #performHere(
    scenario: ExploredScenario,
    player: Player,
    adapter: ClientAdapter,
    cell: RunningCell,
  ): Promise<Seen> {
    const broken: unknown[] = [];
    // What nobody catches would have ended a user's program.
    const uncaught = (error: unknown) => void broken.push(error);
    process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
    const run = `${this.#cells}`;
    try {
      const hitCount = player.mutant === undefined ? undefined : 0;
      Object.assign(switches, { activeMutant: player.mutant, currentTestId: run, hitCount, hitLimit: mostHits });
      const lines: ObservationLine[] = [];
      const done = await performRun(
        adapter,
        runMessage(cell, scenario, run),
        (message) => {
          if (message.type === 'line') lines.push({ t: message.t, ...message.line });
        },
        { ...limits, step: scenario.deadlineMs ?? defaultDeadlineMs },
      );
      const observation = await this.#observation(scenario, player.client, adapter, cell, lines);
      const reached = Object.keys(switches.mutantCoverage.perTest[run] ?? {});
      const facts = { tainted: done.tainted === true || broken.length > 0, ...(reached.length > 0 && { reached }) };
      // An exec client observes uncaught errors itself.
      if (broken.length > 0 && player.client === 'ts')
        return { ...facts, failure: `an error that nobody catches: ${broken[0]}`, crashed: true };
      return { ...facts, observation };
    } finally {
      delete switches.mutantCoverage.perTest[run];
      Object.assign(switches, { activeMutant: undefined, currentTestId: undefined });
      process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
      if (clientFacts(player.client).family === 'exec') beAsStarted();
    }
  }

  async #performThere(scenario: ExploredScenario, client: ClientId, cell: RunningCell): Promise<Seen> {
    const driver = this.#driver(client);
    const hello = await driver.start();
    const lines: ObservationLine[] = [];
    // What the engine plays is none of its business, and may be nested deeper than Python's parser reads.
    const { script: _, ...told } = scenario;
    const end = await driver.run(runMessage(cell, told, `${this.#cells}`), (line) => void lines.push(line));
    if (end.outcome !== 'done') return { failure: `${end.message ?? end.outcome} ${end.stderrTail}`, tainted: false };
    return {
      observation: await this.#observation(scenario, client, { version: hello.clientVersion, ...hello }, cell, lines),
      tainted: false,
    };
  }

  #driver(client: ClientId): DriverProcess {
    const { python } = this.#options;
    const known = this.#drivers.get(client);
    if (known !== undefined) return known;
    if (python === undefined)
      throw new Error(expectedGot(`starting the driver of ${client}`, 'a Python environment', 'none'));
    const env = { ...baseEnv(), TWINPROOF_ENGINE_HOST: this.#host.path };
    const driver = new DriverProcess({ ...driverCommand(client as KnownClientId, { python }), env });
    this.#drivers.set(client, driver);
    return driver;
  }

  async #observation(
    scenario: ExploredScenario,
    client: ClientId,
    { version, clientInfo }: { version: string; clientInfo?: ClientIdentity },
    cell: RunningCell,
    lines: ObservationLine[],
  ): Promise<Observation> {
    const { lines: wire } = await cell.finish(lines);
    const header = {
      kind: 'observation' as const,
      schemaVersion: 1 as const,
      scenario: scenario.id,
      client,
      clientVersion: version,
      ...(clientInfo && { clientInfo }),
      engine: 'fake' as const,
      engineVersion: this.#options.engineVersion,
      engineSha256: 'fake',
      platform: `${process.platform}-${process.arch}`,
      paths: cell.paths,
    };
    // As the goldens were recorded.
    return observationRedactor(scenario, []).observation({
      header,
      lines: withoutRaces(mergeLines(withAwaited(lines, scenario), wire), scenario),
    });
  }
}

/** Without what is chance. */
const withoutRaces = (lines: ObservationLine[], { family, steps }: ExploredScenario): ObservationLine[] =>
  withoutEnds(withoutOtherLanes(lines, steps), family);

/** What other calls in the background did by the time that an await failed: the run ends there, and how far they had come is chance. */
function withoutOtherLanes(lines: ObservationLine[], steps: readonly Step[]): ObservationLine[] {
  const hang = lines.find(({ ch }) => ch === 'hang');
  if (hang?.ch !== 'hang' || !hang.op.endsWith('.await')) return lines;
  const awaited = hang.op.replace(/\..*$/, '');
  const others = new Set(steps.flatMap((step) => ('start' in step && step.as !== awaited ? [step.as] : [])));
  return lines.filter((line) => !('lane' in line) || line.ch === 'call' || !others.has(String(line.lane)));
}

/** How an engine of `exec` ends: after an error the client ends it, if it does not end by itself before. What is left is told apart. */
const withoutEnds = (lines: ObservationLine[], family: Family): ObservationLine[] =>
  family === 'exec' ? lines.filter(({ ch }) => ch !== 'exit') : lines;

/** Whether the run hung, and what it left behind. */
function endOf(lines: readonly ObservationLine[]): Pick<Play, 'hang' | 'left'> {
  const hang = lines.find((line) => line.ch === 'hang');
  const rest = lines.find((line) => line.ch === 'rest' && 'processes' in line);
  return {
    ...(hang?.ch === 'hang' && { hang: `${hang.op} (step ${hang.step})` }),
    ...(rest?.ch === 'rest' && 'processes' in rest && { left: { processes: rest.processes, files: rest.files } }),
  };
}

/** By lane, whose order alone means something. */
function digestOf({ lines }: NormalisedObservation): string {
  const lanes = new Map<string, string>();
  for (const { lane, ch, body } of lines)
    if (ch !== 'stderr') lanes.set(lane, `${lanes.get(lane) ?? ''}\n${ch} ${writeJson(body)}`);
  const text = [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([lane, said]) => `${lane}${said}`);
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}

/** What only tells the order of the engine: its lines, and the numbers of ids, which are counted in it. */
const ofTheEngine: ReadonlySet<string> = new Set(['wire.in', 'stderr', 'model.request']);

function outcomeOf({ lines }: NormalisedObservation): string {
  const lanes = new Map<string, string>();
  for (const { lane, ch, key, body } of lines)
    if (!ofTheEngine.has(ch) && !key.startsWith('released '))
      lanes.set(lane, `${lanes.get(lane) ?? ''}\n${ch} ${writeJson(body)}`);
  const ids = new Map<string, number>();
  const text = [...lanes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([lane, said]) => `${lane.startsWith('user/') ? lane : ''}${said}`)
    .join('\n')
    .replaceAll(/<(?:thread|turn|item|id|request|server-request):[^<>]+>/g, (id) => {
      if (!ids.has(id)) ids.set(id, ids.size);
      return `<${ids.get(id)}>`;
    });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function beAsStarted(): void {
  process.chdir(own.folder);
  for (const key of Object.keys(process.env)) if (!(key in own.env)) delete process.env[key];
  Object.assign(process.env, own.env);
}
