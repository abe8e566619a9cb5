import { cellPath } from '../cell/cell-path.ts';
import type { CellPlan, CellResult } from '../cell/types.ts';
import type { Capability, ClientId } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import type { WireChecker } from '../contract/check-wire.ts';
import type { Contract } from '../contract/types.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { holds } from '../judging/holds.ts';
import { normalise } from '../normalise/normalise.ts';
import { withDroppedFields } from '../normalise/rules/dropped-fields.ts';
import { droppedIn, pythonModels } from '../normalise/rules/python-models.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import { referenceClient } from '../scenario/reference.ts';
import { faultLane } from '../verdict/cell-faults.ts';
import { faultsOf, type JudgedCell, judgeCell } from '../verdict/judge-cell.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { CouldNotRunError } from './run-cell.ts';

/**
 * Paths of differences that are fields which Python's models lack, by the contract of the engine itself. Those of the window are dropped before anything is
 * compared; an engine that is only looked at has more.
 */
export function unknownToPython({ lines }: Observation, contract: Contract): Set<string> {
  const models = withDroppedFields(pythonModels(), [contract]);
  const paths = lines.flatMap((line) => {
    const name = line.ch === 'event' ? line.method : line.ch === 'result' ? line.op : '';
    return [...droppedIn(line, models)].map((path) => `${line.ch}:${name}/${path}`);
  });
  return new Set(paths);
}

/** What a cell on another engine than the pin was compared with. */
export type OnOtherEngine = Pick<CellResult, 'reference' | 'drift'>;

/** What a session does for its references. */
export interface ReferenceSession {
  options: { present?: readonly ClientId[]; folders: { goldens: string } };
  ledger: readonly LedgerEntry[];
  /** By `cellPath`. */
  normalised: Map<string, NormalisedObservation>;
  observe(plan: CellPlan): Promise<{ observation: Observation; raw: string }>;
  checkerOf(plan: CellPlan): Promise<WireChecker>;
  hello(clients: readonly ClientId[]): Promise<{ client: ClientId; capabilities: readonly Capability[] }[]>;
}

interface ReferenceRun {
  client: ClientId;
  observation: Observation;
  raw: string;
  normalised: NormalisedObservation;
  /** Paths of what is wrong with the run by itself. */
  faults: ReadonlySet<string>;
}

/**
 * The runs of the reference clients on engines that have no goldens of their own. There the reference runs first, once for each scenario, and the other
 * clients are compared with that; the reference itself is compared with the golden, and what differs is the engine's drift.
 */
export class References {
  readonly #session: ReferenceSession;
  readonly #runs = new Map<string, Promise<ReferenceRun>>();

  constructor(session: ReferenceSession) {
    this.#session = session;
  }

  /** @throws CouldNotRunError when the cell or its reference could not run */
  async judge(plan: CellPlan): Promise<OnOtherEngine & { observation: Observation; raw: string; judged: JudgedCell }> {
    const reference = await this.#run(plan);
    const checker = await this.#session.checkerOf(plan);
    if (plan.client !== reference.client) {
      const run = await this.#session.observe(plan);
      const unknown = reference.client.startsWith('python')
        ? unknownToPython(run.observation, checker.contract)
        : new Set<string>();
      const isExpected = ({ lane, path, expected }: Difference) =>
        holds('fault-of-reference', lane === faultLane && reference.faults.has(path)) ||
        holds('field-unknown-to-python', expected === undefined && unknown.has(path));
      const { ledger } = this.#session;
      const judged = judgeCell(plan, run.observation, reference.normalised, ledger, checker, isExpected);
      return { ...run, judged, reference: reference.client };
    }
    const run = plan.round === 1 ? reference : await this.#session.observe(plan);
    const { observation, raw } = run;
    const golden = await this.#golden(plan);
    const judged = judgeCell(plan, observation, golden ?? reference.normalised, this.#session.ledger, checker);
    const { unexplained: drift } = judged;
    // Nobody is to blame for drift: what the others are compared with here is no parity, and no failure.
    const isBaseline = holds('reference-drifted', drift.length > 0 || golden === undefined);
    const verdict = isBaseline ? 'baseline' : judged.verdict;
    return { observation, raw, judged: { ...judged, verdict, unexplained: [] }, reference: reference.client, drift };
  }

  /** What a cell on this engine is compared with; of the reference's own, its golden. */
  async expectation(plan: CellPlan): Promise<NormalisedObservation> {
    const reference = await this.#run(plan);
    const golden = plan.client === reference.client ? await this.#golden(plan) : undefined;
    return golden ?? reference.normalised;
  }

  #run(plan: CellPlan): Promise<ReferenceRun> {
    const name = `${plan.scenario.id} ${plan.engineVersion}`;
    const known = this.#runs.get(name) ?? this.#observe(plan);
    this.#runs.set(name, known);
    return known;
  }

  async #observe(plan: CellPlan): Promise<ReferenceRun> {
    const client = await this.#client(plan);
    const own = { ...plan, client, round: 1 };
    const { observation, raw } = await this.#session.observe(own).catch((cause: Error) => {
      if (client === plan.client) throw cause;
      const why = `the reference ${client} could not run on engine ${plan.engineVersion}: ${cause.message}`;
      throw new CouldNotRunError(why, { cause });
    });
    const normalised = normalise(observation);
    this.#session.normalised.set(cellPath({ ...own, scenario: plan.scenario.id }), normalised);
    const faults = faultsOf(own, observation, await this.#session.checkerOf(own));
    return { client, observation, raw, normalised, faults: new Set(faults.map(({ path }) => path)) };
  }

  /** The golden's own client, so that drift is of the engine alone; without a golden, whoever would record it. */
  async #client(plan: CellPlan): Promise<ClientId> {
    const golden = await this.#golden(plan);
    const { present = [] } = this.#session.options;
    if (golden !== undefined) {
      const client = golden.header.client as ClientId;
      if (holds('reference-absent', !present.includes(client)))
        throw new CouldNotRunError(`${client}, the reference of ${plan.scenario.id}, is not installed`);
      return client;
    }
    const client = referenceClient(plan.scenario, await this.#session.hello(present), String(plan.engineVersion));
    if (holds('reference-none', client === undefined))
      throw new CouldNotRunError(`no client that is installed can be the reference of ${plan.scenario.id}`);
    return client as ClientId;
  }

  #golden({ scenario }: CellPlan): Promise<NormalisedObservation | undefined> {
    return readGolden(goldenPath(this.#session.options.folders.goldens, scenario.id));
  }
}
