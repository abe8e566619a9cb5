import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { knownSecrets } from '../../testing/record/known-secrets.ts';
import { cellPath, engineName } from '../cell/cell-path.ts';
import type { CellPlan, CellResult } from '../cell/types.ts';
import type { ClientId, KnownClientId } from '../clients/clients.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import type { Contract } from '../contract/types.ts';
import { loadWindow } from '../contract/window.ts';
import type { DriverCommand } from '../driver/driver-child.ts';
import { DriverProcess, type RunOutcome } from '../driver/driver-process.ts';
import { bundledCommand } from '../driver/driver-registry.ts';
import { type Guest, guestDriver, guestPatience } from '../driver/guest.ts';
import type { HelloMessage } from '../driver/protocol.ts';
import { BundledSkills } from '../engine/bundled-skills.ts';
import { baseEnv } from '../engine/cell-env.ts';
import { openFakeCell } from '../engine/fake-cell.ts';
import { openRealCell } from '../engine/real-cell.ts';
import type { RunningCell } from '../engine/types.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import { type JudgedCell, judgeCell } from '../verdict/judge-cell.ts';
import { type LedgerEntry, readLedger } from '../verdict/ledger.ts';
import { DriverPool } from './driver-pool.ts';
import type { FinishedCells } from './finished-cells.ts';
import type { Folders } from './folders.ts';
import { type OnOtherEngine, References } from './references.ts';
import { CouldNotRunError, runCell } from './run-cell.ts';
import { SilentGuest } from './silent-guest.ts';

export interface EngineFacts {
  path: string;
  version: string;
  sha256: string;
}

export interface SessionOptions {
  folders: Folders;
  /** The real engine; undefined if there is none for the platform. */
  engine: EngineFacts | undefined;
  /** The other real engines of the window that this session may run on, by version. */
  others?: ReadonlyMap<string, EngineFacts>;
  /** Contracts of engines that have no committed one, by version. */
  contracts?: ReadonlyMap<string, Contract>;
  /** Cells that an interrupted run has finished: they are read, not run again. */
  finished?: FinishedCells;
  /** The clients that are installed: one of them is the reference on an engine without goldens. */
  present?: readonly ClientId[];
  /** What the fake reports if there is no real engine. */
  pinned: { version: string; sha256: string };
  /** Python of the virtual environment; undefined if there is none. */
  python: string | undefined;
  signal?: AbortSignal;
  /** What no file of the run may contain. Default: the machine's secrets. */
  secrets?: readonly string[];
  /** Another driver for a client; undefined for its own. The proofs of sensitivity use deliberately faulty ones. */
  drivers?: (client: ClientId) => DriverCommand | undefined;
  /** A client that joins this session alone. */
  guest?: Guest;
}

/** What a whole run shares: drivers, ledger, contract, goldens. */
export class Session {
  readonly options: SessionOptions;
  readonly ledger: readonly LedgerEntry[];
  readonly checker: WireChecker;
  /** Normalised observations of the cells that ran, by `cellPath`, for the report. */
  readonly normalised = new Map<string, NormalisedObservation>();
  readonly #references: References;
  readonly #checkers = new Map<string, Promise<WireChecker>>();
  readonly #pool: DriverPool;
  readonly #commands = new Map<KnownClientId, Promise<DriverCommand>>();
  readonly #silence = new SilentGuest();
  readonly #secrets: readonly string[];
  readonly #skills: BundledSkills;
  #cells = 0;

  private constructor(options: SessionOptions, ledger: readonly LedgerEntry[], checker: WireChecker) {
    this.options = options;
    this.ledger = ledger;
    this.checker = checker;
    this.#secrets = options.secrets ?? knownSecrets();
    this.#skills = new BundledSkills(path.join(options.folders.cells, 'skills'));
    this.#pool = new DriverPool((client) => this.#startDriver(client));
    this.#references = new References(this);
  }

  static async open(options: SessionOptions): Promise<Session> {
    const [ledger, contract, window] = await Promise.all([
      readLedger(options.folders.ledger),
      loadContract(),
      loadWindow(),
    ]);
    const others = window.filter((other) => other.version !== contract.version);
    return new Session(options, ledger, new WireChecker(contract, others));
  }

  /** Starts one driver of each client and asks what it can do. */
  async hello(clients: readonly ClientId[]): Promise<HelloMessage[]> {
    return Promise.all(clients.map((client) => this.#pool.use(client, (driver) => driver.start())));
  }

  /** Runs a cell without judging it. */
  async observe(plan: CellPlan): Promise<{ observation: Observation; raw: string }> {
    const again = plan.round > 1 ? `.${plan.round}` : '';
    const name = `${plan.client}.${engineName(plan)}${again}.jsonl`;
    const raw = path.join(this.options.folders.raw, plan.scenario.id, name);
    const kept = await this.options.finished?.read(raw);
    if (kept !== undefined) return { observation: kept, raw };
    const isGuest = plan.client === this.options.guest?.id;
    if (isGuest) this.#silence.refuse();
    const { stepMs } = guestPatience;
    const observation = await this.#pool.use(plan.client, (driver) =>
      runCell({
        plan: isGuest ? { ...plan, scenario: { deadlineMs: stepMs, ...plan.scenario } } : plan,
        driver,
        ...(isGuest && { onEnd: (end: RunOutcome) => this.#silence.note(plan.scenario.id, end) }),
        open: () => this.#openCell(plan),
        engine: (plan.engine === 'real' ? this.#engineOf(plan) : undefined) ?? this.options.pinned,
        rawFile: raw,
        secrets: this.#secrets,
        ...(this.options.signal && { signal: this.options.signal }),
      }),
    );
    await this.options.finished?.add(raw);
    return { observation, raw };
  }

  /**
   * Runs a cell and judges it against its golden. Never throws: what could not run is a verdict.
   * @param onObserved receives what the cell showed, once it is judged
   */
  async run(plan: CellPlan, onObserved?: (observation: Observation) => void): Promise<CellResult> {
    const begun = performance.now();
    const base = {
      scenario: plan.scenario.id,
      client: plan.client,
      engine: plan.engine,
      ...(plan.engineVersion !== undefined && { engineVersion: plan.engineVersion }),
      round: plan.round,
    };
    const ended = () => ({ durationMs: Math.round(performance.now() - begun) });
    const nothing = { unexplained: [], known: [], fired: {} };
    if (plan.notApplicable !== undefined) {
      return { ...base, ...nothing, verdict: 'not-applicable', reason: plan.notApplicable, durationMs: 0 };
    }
    try {
      const { judged, observation, raw, ...against } = await this.#judge(plan);
      this.normalised.set(cellPath(base), judged.normalised);
      onObserved?.(observation);
      return {
        ...base,
        ...against,
        verdict: judged.verdict,
        ...(judged.baseline && { baseline: true as const }),
        unexplained: judged.unexplained,
        known: judged.known.map(({ entry, difference }) => ({ id: entry.id, difference })),
        fired: judged.normalised.fired,
        raw: path.relative(this.options.folders.out, raw).split(path.sep).join('/'),
        ...ended(),
      };
    } catch (error) {
      const began = error instanceof CouldNotRunError && error.began && { began: true as const };
      return { ...base, ...nothing, verdict: 'could-not-run', reason: (error as Error).message, ...began, ...ended() };
    }
  }

  async #judge(plan: CellPlan): Promise<OnOtherEngine & { observation: Observation; raw: string; judged: JudgedCell }> {
    if (plan.engineVersion !== undefined) return this.#references.judge(plan);
    const golden = await this.golden(plan.scenario.id);
    const run = await this.observe(plan);
    return { ...run, judged: judgeCell(plan, run.observation, golden, this.ledger, this.checker) };
  }

  /** Checks the wire of the engine that the plan is for. */
  checkerOf({ engineVersion }: CellPlan): Promise<WireChecker> {
    if (engineVersion === undefined) return Promise.resolve(this.checker);
    const known =
      this.#checkers.get(engineVersion) ?? this.contractOf(engineVersion).then((one) => new WireChecker(one));
    this.#checkers.set(engineVersion, known);
    return known;
  }

  contractOf(version: string): Promise<Contract> {
    const given = this.options.contracts?.get(version);
    return given === undefined ? loadContract(version) : Promise.resolve(given);
  }

  #engineOf({ engineVersion }: CellPlan): EngineFacts | undefined {
    return engineVersion === undefined ? this.options.engine : this.options.others?.get(engineVersion);
  }

  /** What a cell is compared with: its golden, or on another engine than the pin the run of its reference. */
  async expectation(plan: CellPlan): Promise<NormalisedObservation> {
    return plan.engineVersion === undefined ? this.golden(plan.scenario.id) : this.#references.expectation(plan);
  }

  async golden(scenario: string): Promise<NormalisedObservation> {
    const file = goldenPath(this.options.folders.goldens, scenario);
    const golden = await readGolden(file);
    if (golden === undefined) {
      throw new CouldNotRunError(
        `${scenario} has no golden (${path.relative(this.options.folders.repository, file)}); record it: npm run record -- ${scenario}`,
      );
    }
    return golden;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #startDriver(client: ClientId): Promise<DriverProcess> {
    const { drivers, guest } = this.options;
    if (client === guest?.id) return new DriverProcess({ ...guestDriver(guest.command, baseEnv()), client });
    const command = drivers?.(client) ?? (await this.#commandOf(client as KnownClientId));
    return new DriverProcess({ ...command, env: baseEnv() });
  }

  /** Bundled once for the session. */
  #commandOf(client: KnownClientId): Promise<DriverCommand> {
    const command = this.#commands.get(client) ?? bundledCommand(client, { python: this.options.python ?? '' });
    this.#commands.set(client, command);
    return command;
  }

  async #openCell(plan: CellPlan): Promise<RunningCell> {
    this.#cells += 1;
    const number = this.#cells;
    // Whatever the folder holds already, the name is new.
    await mkdir(this.options.folders.cells, { recursive: true, mode: 0o700 });
    const root = await mkdtemp(path.join(this.options.folders.cells, `${number}-`));
    const { scenario } = plan;
    if (plan.engine === 'fake') {
      const { pinned, folders } = this.options;
      return openFakeCell({ scenario, goldens: folders.goldens, engineVersion: pinned.version, root });
    }
    const engine = this.#engineOf(plan);
    if (engine === undefined) throw new CouldNotRunError('there is no real engine for this platform');
    return openRealCell({ scenario, engine, root, skills: this.#skills });
  }
}
