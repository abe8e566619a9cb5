import { isObject, type JsonValue } from '../../testing/json/json.ts';
import type { ClientId } from '../clients/clients.ts';
import { hashed } from '../normalise/model-request.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { Observation } from '../observation/types.ts';
import { runAll } from '../run/run-all.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { type Finding, findingsBetween } from './findings.ts';
import { type Folded, foldFindings, type ScenarioFindings, subjectOf, valuesOf } from './fold-findings.ts';
import { Progress } from './progress.ts';
import type { Blame, Change } from './types.ts';
import { unkeptFindings } from './unkept-facts.ts';

/** What the reference of a scenario showed before and after. */
export interface Pair {
  scenario: LoadedScenario;
  client: ClientId;
  before: NormalisedObservation;
  after: NormalisedObservation;
}

export interface SecondLook {
  blame: Exclude<Blame, 'ours'>;
  /** Two observations of one side, both of them raw: what differs between them is chance. */
  observe: (
    side: 'before' | 'after',
    scenario: LoadedScenario,
    client: ClientId,
  ) => Promise<[Observation, Observation]>;
  jobs: number;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** A second look at the reference's changes; what no golden keeps is compared in it, and those of the model's requests get their texts from it. */
export async function lookAgain(
  request: SecondLook,
  pairs: readonly Pair[],
  folded: readonly Folded[],
): Promise<{ changes: Change[]; unsteady: Change[] }> {
  const byId = new Map(pairs.map((pair) => [pair.scenario.id, pair]));
  const looks = new Map<string, Promise<Look | undefined>>();
  const look = (id: string) => {
    const known = looks.get(id) ?? lookAt(request, byId.get(id) as Pair);
    looks.set(id, known);
    return known;
  };
  const chosen = chooseScenarios(
    [
      ...folded.map(({ change }) => change.provenBy),
      // Here alone is seen what no golden keeps.
      ...unkeptPlaces(pairs).values(),
    ],
    new Map(pairs.map(({ scenario, after }) => [scenario.id, after.lines.length])),
  );
  const progress = new Progress(request.note, chosen.length, 'looking again');
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
  for (const { change, subject, value, various } of folded) {
    // One that is not there again may be there in another scenario.
    const candidates = [...change.provenBy.filter((id) => looks.has(id)), ...change.provenBy].slice(0, 3);
    let confirmed: string | undefined;
    for (const id of new Set(candidates)) {
      const seen = await look(id);
      if (seen !== undefined && isSeenAgain(seen, subject, value)) {
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
    texts.push({ scenario: id, client: seen.client, lines: 0, findings: seen.unkept });
    for (const { change } of asked.filter((one) => one.id === id)) {
      const findings = seen.unkept.filter((finding) => belongsTo(finding, change));
      for (const scenario of change.provenBy)
        if (scenario !== id && findings.length > 0) texts.push({ scenario, client: seen.client, lines: 1, findings });
    }
  }
  return { changes: [...steady, ...foldFindings(texts, request.blame).map(({ change }) => change)], unsteady };
}

/** Scenarios by what of them no golden keeps: cursors by where they stand, requests to the model by the folder of the scenario. */
function unkeptPlaces(pairs: readonly Pair[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { scenario, after } of pairs) {
    const own = after.lines.flatMap(({ ch, key, body }) => {
      if (ch === 'model.request') return [`asks ${scenario.id.split('/').slice(0, -1).join('/')}`];
      return ch === 'wire.in' && JSON.stringify(body).includes('"<cursor>"') ? [`cursor ${key}`] : [];
    });
    for (const place of new Set(own)) places.set(place, [...(places.get(place) ?? []), scenario.id]);
  }
  return places;
}

/** Whether a difference of texts is what changed a hash: of the prompt or the tools as a whole, of an input item by itself. */
function belongsTo({ what, path, before, after }: Finding, change: Change): boolean {
  const [, part = ''] = path;
  if (what !== 'model-request' || !change.place.split(/[ .]/).includes(part)) return false;
  if (part !== 'input') return part === 'instructions' || part === 'tools';
  const told = JSON.stringify([change.before, change.after]);
  return [before, after].flatMap(textsIn).some((text) => told.includes(hashed(text)));
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value ?? null) ? Object.values(value as object).flatMap((inner) => textsIn(inner as JsonValue)) : [];
}

/** What a second run of a scenario on both sides shows. */
interface Look {
  client: ClientId;
  /** What differs between the sides again: subjects, and subjects with their values. */
  again: ReadonlySet<string>;
  /** What differs between two runs of the same side, likewise. */
  noise: ReadonlySet<string>;
  /** What differs between the sides, both times, in what no golden keeps. */
  unkept: readonly Finding[];
}

/** The same values again are the change, though something else of that kind is chance; else the kind must not be chance. */
const isSeenAgain = ({ again, noise }: Look, subject: string, value: string | undefined): boolean =>
  [subject, ...(value === undefined ? [] : [toldOf(subject, value)])].some((one) => again.has(one) && !noise.has(one));

const toldOf = (subject: string, value: string) => `${subject} ${value}`;
const told = (finding: Finding) => toldOf(subjectOf(finding), valuesOf(finding));
const bothOf = (findings: readonly Finding[]) =>
  new Set(findings.flatMap((finding) => [subjectOf(finding), told(finding)]));

async function lookAt(request: SecondLook, { scenario, client, before, after }: Pair): Promise<Look | undefined> {
  try {
    const [leftBefore, left] = await request.observe('before', scenario, client);
    const [rightBefore, right] = await request.observe('after', scenario, client);
    const [old, fresh] = [left, right].map((one) => normalise(one)) as [NormalisedObservation, NormalisedObservation];
    const noise = [...findingsBetween(before, old), ...findingsBetween(after, fresh)];
    const again = findingsBetween(old, fresh);
    // A run that waits forever asks for less, and one that ends in another way asks for other things.
    const ended = again.some(({ what }) => what === 'exit-changed');
    const cut = again.some(({ what, path }) => what === 'hang' || (what === 'error-changed' && path.length === 0));
    const chance = bothOf([...unkeptFindings(leftBefore, left), ...unkeptFindings(rightBefore, right)]);
    const first = new Set(unkeptFindings(leftBefore, rightBefore).map(told));
    const unkept = unkeptFindings(left, right).filter(
      (finding) =>
        first.has(told(finding)) && !chance.has(told(finding)) && !(cut && finding.path.length === 0) && !ended,
    );
    return { client, again: bothOf(again), noise: bothOf(noise), unkept };
  } catch (error) {
    if (request.signal.aborted) throw error;
    return undefined;
  }
}

/** Few scenarios that show everything, each thing by one of its scenarios: the shortest of those that show the most. */
function chooseScenarios(shown: readonly (readonly string[])[], lines: ReadonlyMap<string, number>): string[] {
  const open = new Set(shown);
  const chosen: string[] = [];
  while (open.size > 0) {
    const shows = new Map<string, number>();
    for (const ids of open) for (const id of ids) shows.set(id, (shows.get(id) ?? 0) + 1);
    const length = (id: string) => lines.get(id) ?? 0;
    const [best] = [...shows].sort(([a, x], [b, y]) => y - x || length(a) - length(b) || (a < b ? -1 : 1));
    if (best === undefined) break;
    chosen.push(best[0]);
    for (const ids of open) if (ids.includes(best[0])) open.delete(ids);
  }
  return chosen;
}
