import { keyOfJson } from '../../testing/json/write-json.ts';
import type { CellPlan, CellResult } from '../cell/types.ts';
import type { ClientId } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import { NormaliseCache } from '../normalise/cache.ts';
import { normalise } from '../normalise/normalise.ts';
import type { Observation } from '../observation/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { type Finding, findingsBetween } from './findings.ts';
import { foldFindings, type ScenarioFindings, subjectOf } from './fold-findings.ts';
import type { Change } from './types.ts';

/** What our client showed on the new side, compared with the reference there. */
export interface OurCell {
  scenario: LoadedScenario;
  /** Of the client that it was compared with. */
  reference: ClientId;
  plan: CellPlan;
  findings: readonly Finding[];
}

/** How the cells of our client are run again. */
export interface OurRuns {
  signal: AbortSignal;
  /** The same cell a second time; undefined if it could not run. */
  again: (cell: OurCell) => Promise<CellResult | undefined>;
  /** The same scenario before the step. */
  before: (cell: OurCell) => Promise<CellResult | undefined>;
  /** Two observations of a client on the new side. */
  twice: (cell: OurCell, client: ClientId) => Promise<readonly [Observation, Observation]>;
}

/** What our client does unlike the reference, if it does so again, did not do so before the step, and neither of the two does so by chance. */
export async function confirmOurs(
  cells: readonly OurCell[],
  runs: OurRuns,
): Promise<{ changes: Change[]; unsteady: Change[] }> {
  const steady: ScenarioFindings[] = [];
  const unsteady: ScenarioFindings[] = [];
  for (const cell of cells.filter(({ findings }) => findings.length > 0)) {
    runs.signal.throwIfAborted();
    const again = subjectsOf(await runs.again(cell));
    const before = subjectsOf(await runs.before(cell));
    const own = cell.findings.filter((finding) => !before.has(subjectOf(finding)));
    if (own.length === 0) continue;
    const isChance = await chanceOf(cell, runs);
    const isSteady = (finding: Finding) => again.has(subjectOf(finding)) && !isChance(finding);
    const of = { scenario: cell.scenario.id, client: cell.plan.client, lines: own.length };
    steady.push({ ...of, findings: own.filter(isSteady) });
    unsteady.push({ ...of, findings: own.filter((finding) => !isSteady(finding)) });
  }
  return {
    changes: foldFindings(steady, 'ours').map(({ change }) => change),
    unsteady: foldFindings(unsteady, 'ours').map(({ change }) => change),
  };
}

/** What differs between two runs of one client is no difference of ours, whichever of the two it is. With other lines, everything behind them may be another thing. */
async function chanceOf(cell: OurCell, { twice }: OurRuns): Promise<(finding: Finding) => boolean> {
  const shown: Finding[] = [];
  for (const client of [cell.plan.client, cell.reference]) {
    const [first, second] = await twice(cell, client);
    shown.push(...findingsBetween(normalise(first, new NormaliseCache()), normalise(second, new NormaliseCache())));
  }
  if (shown.some(({ path }) => path.length === 0)) return () => true;
  const places = new Set(shown.map(placeOf));
  return (finding) => places.has(placeOf(finding));
}

/** Where it is, however it differs there. */
const placeOf = (finding: Finding): string => keyOfJson([subjectOf({ ...finding, what: 'value-changed' })]);

const subjectsOf = (result: CellResult | undefined): ReadonlySet<string> =>
  new Set(findingsOf(result).map((finding) => subjectOf(finding)));

export const findingsOf = (result: CellResult | undefined): Finding[] => (result?.unexplained ?? []).map(asFinding);

function asFinding({ kind, ch, key, path, expected, actual }: Difference): Finding {
  const steps = path
    .slice(`${ch}:${key}`.length)
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? '*' : step.replaceAll('~1', '/').replaceAll('~0', '~')));
  const sides = { ...(expected !== undefined && { before: expected }), ...(actual !== undefined && { after: actual }) };
  return { what: whatOf(kind, steps.length === 0, expected, actual), ch, key, path: steps, ...sides };
}

function whatOf(kind: Difference['kind'], isLine: boolean, expected: unknown, actual: unknown): Finding['what'] {
  if (isLine && kind !== 'changed') return kind === 'missing' ? 'line-removed' : 'line-added';
  if (expected === undefined) return 'value-added';
  return actual === undefined ? 'value-removed' : 'value-changed';
}
