import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { readJson } from '../../testing/json/read-json.ts';
import type { CellPlan, CellResult } from '../cell/types.ts';
import { type Capability, type ClientId, ourClient } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import type { Contract } from '../contract/types.ts';
import { namesInContract } from '../contract/window.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import { NormaliseCache } from '../normalise/cache.ts';
import { hashed } from '../normalise/model-request.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Observation, ObservationLine } from '../observation/types.ts';
import { runAll } from '../run/run-all.ts';
import type { Session } from '../run/session.ts';
import { engineReason, scenarioOn } from '../scenario/index.ts';
import { referenceClient } from '../scenario/reference.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { type Finding, findingsBetween } from './findings.ts';
import { type Folded, foldFindings, type ScenarioFindings, subjectOf } from './fold-findings.ts';
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
}

export interface BehaviourRequest {
  before: Side;
  after: Side;
  scenarios: readonly LoadedScenario[];
  clients: readonly { client: ClientId; capabilities: readonly Capability[] }[];
  /** Who is to blame for what the reference shows differently. */
  blame: Exclude<Blame, 'ours'>;
  /** Also runs our clients on the new side, and compares them with the reference there. */
  ours: boolean;
  /** Scripted scenarios too: of use only where the engine is not what changes. */
  scripted: boolean;
  jobs: number;
  signal: AbortSignal;
  note: (line: string) => void;
}

export interface BehaviourDiff {
  changes: Change[];
  /** Differences that a second run did not show, or that two runs of one engine show as well. */
  unsteady: Change[];
  /** Scenarios that one side lacks what they name of. */
  notApplicable: { scenario: string; side: 'before' | 'after'; reason: string }[];
  /** Cells that could not run, tried twice. */
  unrun: { scenario: string; client: string; reason: string }[];
  /** Scenarios that were compared. */
  compared: number;
  durationMs: number;
}

interface Pair {
  scenario: LoadedScenario;
  client: ClientId;
  before: NormalisedObservation;
  after: NormalisedObservation;
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
  const engine = await lookAgain(request, pairs, foldFindings(all, request.blame));
  const own = await confirmOurs(request, ours);
  request.signal.throwIfAborted();
  return {
    changes: [...engine.changes, ...own.changes],
    unsteady: [...engine.unsteady, ...own.unsteady],
    ...rest,
    compared: pairs.length,
    durationMs: Math.round(performance.now() - begun),
  };
}

/** What our client shows unlike the reference, in one scenario. */
interface OurCell {
  plan: CellPlan;
  findings: ScenarioFindings;
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
  const progress = new Progress(request, applicable.length);
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
        const left = await again(scenario, client, () => reference(before, scenario, client, 1));
        const right = left && (await again(scenario, client, () => reference(after, scenario, client, 1)));
        if (left !== undefined && right !== undefined) pairs.push({ scenario, client, before: left, after: right });
        const mine = ourClient(scenario.family);
        if (right !== undefined && request.ours && client !== mine && applies(request, scenario, mine)) {
          const plan = planOf(after, scenario, mine, 1);
          const cell = await again(scenario, mine, () => ranOf(after.session, plan));
          if (cell !== undefined) ours.push({ plan, findings: findingsOf(cell) });
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

const applies = ({ clients, after }: BehaviourRequest, scenario: LoadedScenario, client: ClientId): boolean =>
  referenceClient(
    scenario,
    clients.filter((one) => one.client === client),
    after.version,
  ) === client;

const planOf = (side: Side, scenario: LoadedScenario, client: ClientId, round: number): CellPlan => ({
  scenario: scenarioOn(scenario, side.version),
  client,
  engine: scenario.script === undefined ? 'real' : 'fake',
  ...(!side.pin && scenario.script === undefined && { engineVersion: side.version }),
  round,
});

async function reference(side: Side, scenario: LoadedScenario, client: ClientId, round: number) {
  if (side.golden && round === 1) {
    const golden = await readGolden(goldenPath(side.session.options.folders.goldens, scenario.id));
    if (golden !== undefined) return golden;
  }
  return normalise((await observe(side, scenario, client, round)).observation, new NormaliseCache());
}

const observe = (side: Side, scenario: LoadedScenario, client: ClientId, round: number) =>
  side.session.observe(planOf(side, scenario, client, round));

/** @throws Error when it could not run: only then is there nothing to say of the client */
async function ranOf(session: Session, plan: CellPlan): Promise<CellResult> {
  const result = await session.run(plan);
  if (result.verdict === 'could-not-run') throw new Error(result.reason);
  return result;
}

const findingsOf = ({ scenario, client, unexplained }: CellResult): ScenarioFindings => ({
  scenario,
  client,
  lines: unexplained.length,
  findings: unexplained.map(asFinding),
});

const asFinding = ({ kind, ch, key, path, expected, actual }: Difference): Finding => ({
  what: kind === 'missing' ? 'line-removed' : kind === 'extra' ? 'line-added' : 'value-changed',
  ch,
  key,
  path: path
    .slice(`${ch}:${key}`.length)
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? '*' : step.replaceAll('~1', '/').replaceAll('~0', '~'))),
  ...(expected !== undefined && { before: expected }),
  ...(actual !== undefined && { after: actual }),
});

/** A second look at the reference's changes; those of the model's requests get their texts from it. */
async function lookAgain(
  request: BehaviourRequest,
  pairs: readonly Pair[],
  folded: readonly Folded[],
): Promise<Pick<BehaviourDiff, 'changes' | 'unsteady'>> {
  const byId = new Map(pairs.map((pair) => [pair.scenario.id, pair]));
  const looks = new Map<string, Promise<Look | undefined>>();
  const look = (id: string) => {
    const known = looks.get(id) ?? lookAt(request, byId.get(id) as Pair);
    looks.set(id, known);
    return known;
  };
  const changes = folded.map(({ change }) => change);
  const chosen = chooseScenarios(
    changes,
    new Map(pairs.map(({ scenario, after }) => [scenario.id, after.lines.length])),
  );
  // What no golden keeps of the model's requests is seen here alone.
  const asks = pairs.filter(({ after }) => after.lines.some(({ ch }) => ch === 'model.request'));
  const [sample] = asks.sort((a, b) => a.after.lines.length - b.after.lines.length);
  if (sample !== undefined && !asks.some(({ scenario }) => chosen.includes(scenario.id)))
    chosen.push(sample.scenario.id);
  const progress = new Progress(request, chosen.length, 'looking again');
  await runAll(
    chosen,
    request.jobs,
    async (id) => {
      await look(id);
      if (!request.signal.aborted) progress.add();
    },
    request.signal,
  );
  request.signal.throwIfAborted();
  const steady: Change[] = [];
  const unsteady: Change[] = [];
  const asked: { id: string; change: Change }[] = [];
  for (const { change, subject, various } of folded) {
    // One that is not there again may be there in another scenario.
    const candidates = [...change.provenBy.filter((id) => looks.has(id)), ...change.provenBy].slice(0, 3);
    let confirmed: string | undefined;
    for (const id of new Set(candidates)) {
      const seen = await look(id);
      if (seen?.again.has(subject) && !seen.noise.has(subject)) {
        confirmed = id;
        break;
      }
    }
    if (confirmed === undefined) unsteady.push(change);
    else if (change.what !== 'model-request') steady.push(change);
    else if (!various) asked.push({ id: confirmed, change });
  }
  // Where a hash changed in the same way, the texts did too: what was seen of that part of the request in one look stands for all of them.
  const texts: ScenarioFindings[] = [];
  for (const [id, looking] of looks) {
    const seen = await looking;
    if (seen === undefined) continue;
    texts.push({ scenario: id, client: seen.client, lines: 0, findings: seen.requests });
    for (const { change } of asked.filter((one) => one.id === id)) {
      const findings = seen.requests.filter((finding) => belongsTo(finding, change));
      for (const scenario of change.provenBy)
        if (scenario !== id && findings.length > 0) texts.push({ scenario, client: seen.client, lines: 1, findings });
    }
  }
  return { changes: [...steady, ...changesOf(texts, request.blame)], unsteady };
}

/** Whether a difference of texts is what changed a hash: of the prompt or the tools as a whole, of an input item by itself. */
function belongsTo({ path, before, after }: Finding, change: Change): boolean {
  const [, part = ''] = path;
  if (!change.place.split(/[ .]/).includes(part)) return false;
  if (part !== 'input') return part === 'instructions' || part === 'tools';
  const told = JSON.stringify([change.before, change.after]);
  return [before, after].flatMap(textsIn).some((text) => told.includes(hashed(text)));
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value ?? null) ? Object.values(value as object).flatMap((inner) => textsIn(inner as JsonValue)) : [];
}

const changesOf = (all: readonly ScenarioFindings[], blame: Blame) =>
  foldFindings(all, blame).map(({ change }) => change);

/** What a second run of a scenario on both sides shows. */
interface Look {
  client: ClientId;
  /** Subjects of what differs between the sides again. */
  again: ReadonlySet<string>;
  /** Subjects of what differs between two runs of the same side. */
  noise: ReadonlySet<string>;
  /** What differs in the model's requests, with all of their texts. */
  requests: readonly Finding[];
}

async function lookAt(request: BehaviourRequest, { scenario, client, before, after }: Pair): Promise<Look | undefined> {
  try {
    const [left, right] = [
      (await observe(request.before, scenario, client, 2)).observation,
      (await observe(request.after, scenario, client, 2)).observation,
    ];
    const [old, fresh] = [left, right].map((one) => normalise(one)) as [NormalisedObservation, NormalisedObservation];
    const noise = [...findingsBetween(before, old), ...findingsBetween(after, fresh)].map(subjectOf);
    const first = request.after.golden ? undefined : (await observe(request.after, scenario, client, 1)).observation;
    const same = first === undefined ? [] : requestFindings(first, right).map(subjectOf);
    const again = findingsBetween(old, fresh);
    // A run that waits forever asks for less.
    const cut = again.some(
      ({ what, path }) => what === 'hang' || what === 'exit-changed' || (what === 'error-changed' && path.length === 0),
    );
    const requests = requestFindings(left, right).filter(
      (finding) => !same.includes(subjectOf(finding)) && !(cut && finding.path.length === 0),
    );
    return { client, again: new Set(again.map(subjectOf)), noise: new Set(noise), requests };
  } catch (error) {
    if (request.signal.aborted) throw error;
    return undefined;
  }
}

const requestFindings = (before: Observation, after: Observation): Finding[] => {
  const whole = (one: Observation) => {
    const normalised = normalise(one, new NormaliseCache(), { wholeRequests: true });
    const lines = normalised.lines.flatMap((line, at) =>
      line.ch === 'model.request' ? [withMetadata(line, one.lines[normalised.origins?.[at] ?? -1])] : [],
    );
    return { ...normalised, lines };
  };
  return findingsBetween(whole(before), whole(after));
};

/** The normaliser drops the turn's metadata, most of which differs in every run; what of it is a word or a switch does not. */
function withMetadata(line: NormalisedLine, raw: ObservationLine | undefined): NormalisedLine {
  const { body } = (raw ?? {}) as { body?: { client_metadata?: Record<string, unknown> } };
  const text = body?.client_metadata?.['x-codex-turn-metadata'];
  if (typeof text !== 'string') return line;
  const metadata = readJson(text);
  if (!isObject(metadata)) return line;
  const words = Object.entries(metadata).map(([key, value]): [string, JsonValue] => {
    const steady = typeof value === 'boolean' || (typeof value === 'string' && /^[a-z][a-z_]*$/.test(value));
    return [key, steady ? value : `<${typeof value}>`];
  });
  return { ...line, body: { ...line.body, turn_metadata: Object.fromEntries(words) } };
}

/** Few scenarios that show all changes: the shortest of those that show the most. */
function chooseScenarios(changes: readonly Change[], lines: ReadonlyMap<string, number>): string[] {
  const open = new Set(changes);
  const chosen: string[] = [];
  while (open.size > 0) {
    const shows = new Map<string, number>();
    for (const { provenBy } of open) for (const id of provenBy) shows.set(id, (shows.get(id) ?? 0) + 1);
    const length = (id: string) => lines.get(id) ?? 0;
    const [best] = [...shows].sort(([a, x], [b, y]) => y - x || length(a) - length(b) || (a < b ? -1 : 1));
    if (best === undefined) break;
    chosen.push(best[0]);
    for (const change of open) if (change.provenBy.includes(best[0])) open.delete(change);
  }
  return chosen;
}

/** What our client does unlike the reference, if it does so again, and did not do so before the step. */
async function confirmOurs(request: BehaviourRequest, ours: readonly OurCell[]) {
  const differing = ours.filter(({ findings }) => findings.findings.length > 0);
  const steady: ScenarioFindings[] = [];
  const unsteady: ScenarioFindings[] = [];
  for (const { plan, findings } of differing) {
    request.signal.throwIfAborted();
    const again = await ranOf(request.after.session, { ...plan, round: 2 }).catch(() => undefined);
    const shown = new Set(again?.unexplained.map(asFinding).map(subjectOf));
    const was = await ranOf(request.before.session, planOf(request.before, plan.scenario, plan.client, 1)).catch(
      () => undefined,
    );
    const before = new Set(was?.unexplained.map(asFinding).map(subjectOf));
    const own = findings.findings.filter((finding) => !before.has(subjectOf(finding)));
    steady.push({ ...findings, findings: own.filter((finding) => shown.has(subjectOf(finding))) });
    unsteady.push({ ...findings, findings: own.filter((finding) => !shown.has(subjectOf(finding))) });
  }
  return { changes: changesOf(steady, 'ours'), unsteady: changesOf(unsteady, 'ours') };
}

/** A line forevery twentieth part. */
class Progress {
  readonly #note: (line: string) => void;
  readonly #of: number;
  readonly #what: string;
  readonly #begun = performance.now();
  #done = 0;
  #told = 0;

  constructor({ note }: Pick<BehaviourRequest, 'note'>, of: number, what = 'scenarios') {
    this.#note = note;
    this.#of = of;
    this.#what = what;
  }

  add(): void {
    this.#done += 1;
    const part = Math.floor((20 * this.#done) / this.#of);
    if (part === this.#told) return;
    this.#told = part;
    const seconds = Math.round((performance.now() - this.#begun) / 1000);
    this.#note(`${this.#what}: ${part * 5} % (${this.#done} of ${this.#of}, ${seconds} s)`);
  }
}
