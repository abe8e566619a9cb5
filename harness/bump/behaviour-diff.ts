import type { CellPlan, CellResult } from '../cell/types.ts';
import { type Capability, type ClientId, ourClient } from '../clients/clients.ts';
import type { Contract } from '../contract/types.ts';
import { namesInContract } from '../contract/window.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { NormaliseCache } from '../normalise/cache.ts';
import { normalise } from '../normalise/normalise.ts';
import type { Observation } from '../observation/types.ts';
import { runAll } from '../run/run-all.ts';
import type { Session } from '../run/session.ts';
import { engineReason, scenarioOn } from '../scenario/index.ts';
import { referenceClient } from '../scenario/reference.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { exercisedBy } from './exercised.ts';
import { findingsBetween } from './findings.ts';
import { foldFindings } from './fold-findings.ts';
import type { Exercised } from './impact.ts';
import { confirmOurs, findingsOf, type OurCell } from './our-client.ts';
import { Progress } from './progress.ts';
import { type Refusals, refusalsIn } from './refusals.ts';
import { lookAgain, type Pair } from './second-look.ts';
import type { Blame, Change } from './types.ts';

/** Where one side of the diff runs. */
export interface Side {
  /** Its session has the clients of this side; both may be one. */
  session: Session;
  version: string;
  contract: Contract;
  /** The goldens are what its reference shows: it is the pin, with the Python that recorded them. */
  golden: boolean;
  /** Its engine is the pin: cells have no version in their names. */
  pin: boolean;
  /** Of its first observation: two sides that are the same engine have observations of their own. */
  round: number;
}

export interface BehaviourRequest {
  before: Side;
  after: Side;
  scenarios: readonly LoadedScenario[];
  clients: readonly { client: ClientId; capabilities: readonly Capability[] }[];
  /** Who is to blame for what the reference shows differently. */
  blame: Exclude<Blame, 'ours'>;
  /** Also runs our clients on the new side, and compares them with the reference there. What differs on this other side too is no news. */
  ours?: { before: Side; clients: BehaviourRequest['clients']; against: (reference: ClientId) => boolean };
  /** Scripted scenarios too: of use only where the engine is not what changes. */
  scripted: boolean;
  jobs: number;
  signal: AbortSignal;
  note: (line: string) => void;
}

export interface BehaviourDiff {
  /** What moved. */
  of: BehaviourRequest['blame'];
  changes: Change[];
  /** Differences that a second run did not show, or that two runs of one engine show as well. */
  unsteady: Change[];
  /** Scenarios that one side lacks what they name of. */
  notApplicable: { scenario: string; side: 'before' | 'after'; reason: string }[];
  /** Cells that could not run, tried twice. */
  unrun: { scenario: string; client: string; reason: string }[];
  /** What the two sides showed of their contracts. */
  exercised: Exercised;
  /** Where the reference cannot read the new side: then nothing is said of it. */
  refusals?: Refusals;
  /** Scenarios that were compared. */
  compared: number;
  durationMs: number;
}

/**
 * What the reference client of each scenario shows before and after, as changes; and what our client shows unlike the reference afterwards. Each change is
 * looked at a second time, in the shortest scenario that shows it: what does not come again, and what differs between two runs of the same engine too, is
 * no change.
 */
export async function diffBehaviour(request: BehaviourRequest): Promise<BehaviourDiff> {
  const begun = performance.now();
  const { pairs, ours, ...rest } = await runOnce(request);
  request.signal.throwIfAborted();
  const all = pairs.map(({ scenario, client, before, after }) => ({
    scenario: scenario.id,
    client,
    lines: after.lines.length,
    findings: findingsBetween(before, after),
  }));
  const engine = await lookAgain(
    { ...request, observe: (side, scenario, client) => twice(request[side], scenario, client) },
    pairs,
    foldFindings(all, request.blame),
  );
  const { after, ours: known } = request;
  const own = await confirmOurs(known === undefined ? [] : ours, {
    signal: request.signal,
    again: ({ plan }) => ranOf(after.session, { ...plan, round: plan.round + 1 }).catch(() => undefined),
    before: ({ scenario, plan }) => {
      const { before: side } = known as { before: Side };
      return ranOf(side.session, planOf(side, scenario, plan.client, side.round)).catch(() => undefined);
    },
    twice: ({ scenario }, client) => twice(after, scenario, client),
  });
  request.signal.throwIfAborted();
  const refusals = refusalsIn(all);
  return {
    of: request.blame,
    ...(refusals && { refusals }),
    changes: [...engine.changes, ...own.changes],
    unsteady: [...engine.unsteady, ...own.unsteady],
    ...rest,
    exercised: exercisedBy(pairs, request),
    compared: pairs.length,
    durationMs: Math.round(performance.now() - begun),
  };
}

async function runOnce(request: BehaviourRequest) {
  const { before, after, scenarios, jobs, signal } = request;
  const pairs: Pair[] = [];
  const ours: OurCell[] = [];
  const unrun: BehaviourDiff['unrun'] = [];
  const notApplicable: BehaviourDiff['notApplicable'] = [];
  const lacks = { before: lacking(before, after), after: lacking(after, before) };
  const applicable = scenarios.filter((scenario) => {
    if (scenario.script !== undefined) return request.scripted;
    const reasons = (['before', 'after'] as const).flatMap((side) => {
      const engine = { engine: 'real' as const, version: request[side].version, lacks: lacks[side] };
      // A range says that a behaviour changed: here is where it shows.
      const { since: _since, until: _until, ...open } = scenario;
      const reason = engineReason(open, engine);
      return reason === undefined ? [] : [{ scenario: scenario.id, side, reason }];
    });
    notApplicable.push(...reasons);
    return reasons.length === 0;
  });
  const progress = new Progress(request.note, applicable.length, 'scenarios');
  const again = async <T>(scenario: LoadedScenario, client: string, run: () => Promise<T>): Promise<T | undefined> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await run();
      } catch (error) {
        if (signal.aborted) return undefined;
        if (tries < 2) continue;
        unrun.push({ scenario: scenario.id, client, reason: (error as Error).message });
        return undefined;
      }
    }
  };
  await runAll(
    applicable,
    jobs,
    async (scenario) => {
      const client = await referenceOf(request, scenario);
      if (client !== undefined) {
        const left = await again(scenario, client, () => reference(before, scenario, client));
        const right = left && (await again(scenario, client, () => reference(after, scenario, client)));
        if (left !== undefined && right !== undefined) pairs.push({ scenario, client, before: left, after: right });
        const mine = ourClient(scenario.family);
        const compared = scenario.script === undefined && client !== mine && request.ours?.against(client) === true;
        if (right !== undefined && compared && applies(request, scenario, mine)) {
          const plan = planOf(after, scenario, mine, after.round);
          const cell = await again(scenario, mine, () => ranOf(after.session, plan));
          if (cell !== undefined) ours.push({ scenario, reference: client, plan, findings: findingsOf(cell) });
        }
      }
      if (!signal.aborted) progress.add();
    },
    signal,
  );
  const byId = (a: Pair, b: Pair) => (a.scenario.id < b.scenario.id ? -1 : 1);
  return { pairs: pairs.sort(byId), ours, unrun, notApplicable };
}

/** What the other side names and this one lacks. */
function lacking(side: Side, other: Side): Set<string> {
  const own = namesInContract(side.contract);
  return new Set([...namesInContract(other.contract)].filter((name) => !own.has(name)));
}

async function referenceOf(request: BehaviourRequest, scenario: LoadedScenario): Promise<ClientId | undefined> {
  const golden = await readGolden(goldenPath(request.after.session.options.folders.goldens, scenario.id));
  const client = golden?.header.client as ClientId | undefined;
  if (client !== undefined) return request.clients.some((one) => one.client === client) ? client : undefined;
  return referenceClient(scenario, request.clients, request.after.version);
}

const applies = ({ ours, after }: BehaviourRequest, scenario: LoadedScenario, client: ClientId): boolean =>
  referenceClient(
    scenario,
    (ours?.clients ?? []).filter((one) => one.client === client),
    after.version,
  ) === client;

const planOf = (side: Side, scenario: LoadedScenario, client: ClientId, round: number): CellPlan => ({
  scenario: scenarioOn(scenario, side.version),
  client,
  engine: scenario.script === undefined ? 'real' : 'fake',
  ...(!side.pin && scenario.script === undefined && { engineVersion: side.version }),
  round,
});

async function reference(side: Side, scenario: LoadedScenario, client: ClientId) {
  if (side.golden) {
    const golden = await readGolden(goldenPath(side.session.options.folders.goldens, scenario.id));
    if (golden !== undefined) return golden;
  }
  return normalise(await observe(side, scenario, client, side.round), new NormaliseCache());
}

const observe = async (side: Side, scenario: LoadedScenario, client: ClientId, round: number) =>
  (await side.session.observe(planOf(side, scenario, client, round))).observation;

/** The first observation and another one; a golden is no raw observation. */
async function twice(side: Side, scenario: LoadedScenario, client: ClientId): Promise<[Observation, Observation]> {
  return [await observe(side, scenario, client, side.round), await observe(side, scenario, client, side.round + 1)];
}

/** @throws Error when it could not run: only then is there nothing to say of the client */
async function ranOf(session: Session, plan: CellPlan): Promise<CellResult> {
  const result = await session.run(plan);
  if (result.verdict === 'could-not-run') throw new Error(result.reason);
  return result;
}
