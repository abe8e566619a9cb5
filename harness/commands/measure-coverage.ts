import path from 'node:path';
import type { WireChecker } from '../contract/check-wire.ts';
import { behaviourCounts } from '../proofs/behaviours/check-behaviours.ts';
import { allPoints } from '../proofs/coverage/all-points.ts';
import { type CellCoverage, coveragePath, writeCoverage } from '../proofs/coverage/coverage-file.ts';
import { coverageReport } from '../proofs/coverage/coverage-report.ts';
import { readExclusions } from '../proofs/coverage/exclusions.ts';
import { cachedSurface } from '../proofs/surface/cached-surface.ts';
import { surfaceCounts } from '../proofs/surface/index.ts';
import type { Folders } from '../run/folders.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import type { Summary } from '../summary/summary.ts';

export interface CoverageSources {
  folders: Folders;
  /** Python of the virtual environment; undefined where there is none. */
  python: string | undefined;
  checker: WireChecker;
  coverage: readonly CellCoverage[];
}

/** What a run covered, for its summary; written to `coverage.json` cell by cell. The surface is none where it cannot be told. */
export async function measureCoverage(
  { folders, python, checker, coverage: cells }: CoverageSources,
  everything: readonly LoadedScenario[],
  signal: AbortSignal,
): Promise<Pick<Summary, 'coverage'> & { surface: Summary['surface']; exclusionProblems: string[] }> {
  await writeCoverage(coveragePath(folders.out), cells);
  const exclusions = await readExclusions(path.join(folders.repository, 'fixtures', 'coverage-exclusions.yaml'));
  const { kinds, problems } = coverageReport(allPoints(checker.contract), cells, exclusions);
  const coverage: Summary['coverage'] = {};
  for (const [kind, { hit, real, total, excluded }] of Object.entries(kinds))
    coverage[kind] = { hit, real, total, excluded };
  const { proven, total } = await behaviourCounts(folders.repository, everything);
  coverage.behaviours = { hit: proven, real: proven, total, excluded: 0 };
  const surface = signal.aborted ? undefined : await cachedSurface(folders.repository, python, signal);
  return { coverage, surface: surface && surfaceCounts(surface), exclusionProblems: problems };
}
