import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import { percent } from '../../../testing/text.ts';
import type { CellResult } from '../../cell/types.ts';
import { formatGolden } from '../../golden/golden-file.ts';
import { holds } from '../../judging/holds.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { faultLane } from '../../verdict/cell-faults.ts';
import { measureAll } from './measure-all.ts';
import { addFigures, bars, type Flagged, loosenedShare, noFigures } from './tamper/flagged.ts';

/** The code that decides what is flagged. A change in any of it makes every figure anew. */
export const deciding = [
  'fixtures/python-models',
  'harness/clients',
  'harness/normalise',
  'harness/compare',
  'harness/golden',
  'harness/judging',
  'harness/observation',
  'harness/driver',
  'harness/engine/wire-log.ts',
  'harness/proofs/sensitivity/tamper',
  'native/engine.lock.json',
  'native/expected-got.mjs',
  'native/one-class.mjs',
  'testing/engine',
  'testing/files/write-whole.ts',
  'testing/golden',
  'testing/json',
  'testing/model/model-request.ts',
];

/**
 * Changes to each golden in a run: 60 for each of 800 goldens take about a minute on two processors. `sensitivity`
 * makes all of them, some 2,500 for each.
 */
const mostOfEach = 60;

/**
 * The share of changes to these goldens that is flagged, golden by golden: a sample for each, kept in
 * `.cache/sensitivity.json` until the golden or the deciding code changes.
 */
export async function cachedFigures(
  goldens: readonly NormalisedObservation[],
  repository: string,
  /** Before each that is not known yet: how many were looked at. */
  onMeasure: (done: number) => void,
  signal?: AbortSignal,
): Promise<Flagged> {
  const file = path.join(repository, '.cache', 'sensitivity.json');
  const code = hashCode(repository);
  const known = readCache(file, code);
  const texts = new Map(goldens.map((golden) => [keyOf(code, golden), formatGolden(golden)]));
  const unknown = [...texts].filter(([key]) => known[key] === undefined);
  if (unknown.length > 0) onMeasure(goldens.length - unknown.length);
  const measured = await measureAll(
    unknown.map(([, text]) => text),
    {
      most: mostOfEach,
      onDone: (done) => {
        if (done < unknown.length) onMeasure(goldens.length - unknown.length + done);
      },
      signal,
    },
  );
  const found = new Map(unknown.map(([key], at) => [key, measured[at]]));
  const figures: Record<string, Flagged> = {};
  for (const key of texts.keys()) {
    const { tampered, flagged, loosened } = known[key] ?? found.get(key) ?? noFigures;
    figures[key] = { tampered, flagged, loosened };
  }
  // Figures of other goldens stay while the code is the same: a partial run must not forget the rest.
  if (unknown.length > 0) await writeWhole(file, `${JSON.stringify({ code, figures: { ...known, ...figures } })}\n`);
  return Object.values(figures).reduce(addFigures, noFigures);
}

const keyOf = (code: string, golden: NormalisedObservation): string =>
  createHash('sha256').update(code).update(formatGolden(golden)).digest('hex').slice(0, 32);

function readCache(file: string, code: string): Record<string, Flagged> {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { code: string; figures: Record<string, Flagged> };
    return kept.code === code ? kept.figures : {};
  } catch {
    return {}; // None yet, or a broken one: measured anew.
  }
}

function hashCode(repository: string): string {
  const hash = createHash('sha256');
  for (const place of deciding) {
    const names = path.extname(place) === '' ? sourcesOf(path.join(repository, place)) : [''];
    for (const name of names) hash.update(name).update(readFileSync(path.join(repository, place, name)));
  }
  return hash.digest('hex');
}

const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[jt]s$|\.json$/.test(name) && !name.endsWith('.test.ts'))
    .sort();

/** What is wrong with the sensitivity figures; empty if nothing is, or if they were not measured. */
export function sensitivityProblems(figures: Flagged): string[] {
  const { tampered, flagged } = figures;
  if (tampered === 0) return [];
  const advice = '`npm run parity -- sensitivity` names what is hidden';
  const action = `measuring the sensitivity with ${tampered} tamperings`;
  const [share, loosened] = [flagged / tampered, loosenedShare(figures)];
  const flags = `at least ${percent(bars.leastFlagged, 1)} to be flagged`;
  const loosens = `rules to let at most ${percent(bars.mostLoosened)} of the changes pass`;
  return [
    ...(holds('too-little-flagged', share < bars.leastFlagged)
      ? [expectedGot(action, flags, percent(share, 2), advice)]
      : []),
    ...(holds('too-much-loosened', loosened > bars.mostLoosened)
      ? [expectedGot(action, loosens, percent(loosened, 2), advice)]
      : []),
  ];
}

/** `sensitivity` in summary.json: how well the comparison finds what is wrong, and how quiet it is if nothing is. */
export interface SensitivityFigures {
  tampered: number;
  flagged: number;
  /** Changes that passed because a named rule drops or loosens their place on purpose, by rule; not among `tampered`. */
  loosened?: Record<string, number>;
  /**
   * Differences, including known ones, of the goldens' own clients on the real engine: a client against itself. Should
   * be 0. What is known to be wrong with every run of the cell (the engine breaks its own contract there) is not a
   * difference between two of them.
   */
  selfDifferences: number;
}

/** See `SensitivityFigures.selfDifferences`. A cell that could not run has none; its verdict reports it. */
export function selfDifferences(goldens: readonly NormalisedObservation[], results: readonly CellResult[]): number {
  const clients = new Map(goldens.map(({ header }) => [header.scenario, header.client]));
  return results
    .filter(({ scenario, client, engine }) =>
      holds('self-difference', engine === 'real' && clients.get(scenario) === client),
    )
    .reduce((sum, { unexplained, known }) => {
      const differing = known.filter(({ difference }) => difference.lane !== faultLane);
      return sum + unexplained.length + differing.length;
    }, 0);
}
